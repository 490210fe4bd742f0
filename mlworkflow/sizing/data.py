from mlworkflow.sizing.model import Topic
TOPIC = Topic("data", "x", (), (), None)
