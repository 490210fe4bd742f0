from mlworkflow.sizing.model import Topic
TOPIC = Topic("retraining", "x", (), (), None)
