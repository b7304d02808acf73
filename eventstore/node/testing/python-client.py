"""The node as a client of another language sees it: prints one JSON line. Needs `pip install esdbclient`."""

import json
import sys

from esdbclient import EventStoreDBClient, NewEvent, StreamState


def event(n):
    return NewEvent(type="told", data=json.dumps({"n": n}).encode())


def failure(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return None


def first(responses, count):
    taken = []
    for response in responses:
        taken.append(response)
        if len(taken) == count:
            responses.stop()
            return taken


client = EventStoreDBClient(uri=sys.argv[1])
said = {}

client.append_to_stream("py-1", current_version=StreamState.NO_STREAM, events=[event(0), event(1)])
subscription = client.subscribe_to_all(filter_include=["told"], timeout=30)
client.append_to_stream("py-1", current_version=1, events=event(2))
said["read"] = [[e.stream_position, json.loads(e.data)["n"]] for e in client.get_stream("py-1")]
said["backwards"] = [e.stream_position for e in client.get_stream("py-1", backwards=True, limit=2)]
said["all"] = [e.stream_name for e in client.read_all(filter_include=["py-.*"], filter_by_stream_name=True)]
said["heard"] = [e.stream_position for e in first(subscription, 3)]
said["conflict"] = failure(lambda: client.append_to_stream("py-1", current_version=7, events=event(3)))
said["missing"] = failure(lambda: client.get_stream("py-none"))

client.create_subscription_to_stream("group", "py-1")
consumer = client.read_subscription_to_stream("group", "py-1", timeout=30)
said["consumed"] = []
for delivered in consumer:
    said["consumed"].append([delivered.stream_position, delivered.retry_count])
    if delivered.stream_position == 0 and delivered.retry_count == 0:
        consumer.nack(delivered, "retry")
        continue
    consumer.ack(delivered)
    if len(said["consumed"]) == 4:
        consumer.stop()
said["info"] = client.get_subscription_info("group", "py-1").group_name

client.tombstone_stream("py-1", current_version=StreamState.ANY)
said["deleted"] = failure(lambda: client.get_stream("py-1"))
client.close()
print(json.dumps(said))
