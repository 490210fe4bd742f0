from mlworkflow.sizing.model import Topic
TOPIC = Topic("slo", "x", (), (), None)
