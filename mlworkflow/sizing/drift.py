from mlworkflow.sizing.model import Topic
TOPIC = Topic("drift", "x", (), (), None)
