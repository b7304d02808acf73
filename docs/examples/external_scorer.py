"""A scorer of your own, over HTTP, with the standard library alone: reads what was submitted page by page, goes on where it
left off, and posts scores whose every number stands on a quote.

    VERBATIM_URL=http://127.0.0.1:3000 VERBATIM_API_KEY=<key of role scorer> python3 docs/examples/external_scorer.py [--once]
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("VERBATIM_URL", "http://127.0.0.1:3000")
KEY = os.environ.get("VERBATIM_API_KEY", "")
PLACE_FILE = os.environ.get("PLACE_FILE", "external_scorer.place")


def call(method, path, body=None):
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, method=method, headers=headers, data=data)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 401 or error.code >= 500:
            raise
        return error.code, json.load(error)


def judge(rubric, prompts):
    """Where your own judgement goes: here, a point for each prompt up to five, shown by the first one."""
    share = min(1, len(prompts) / 5)
    evidence = [{"eventId": prompt["id"], "quote": prompt["data"]["content"][:80]} for prompt in prompts[:1]]

    def scored(part):
        points = round(part["points"] * share, 2)
        return {"id": part["id"], "score": points if evidence else None, "evidence": evidence}

    parts = lambda category: [part for part in category["subCriteria"] if part["enabled"]] or [category]
    return [{"categoryId": each["id"], "subCriteria": [scored(part) for part in parts(each)]} for each in rubric["categories"]]


def score(event):
    session = event["sessionId"]
    status, found = call("GET", f"/api/sessions/{session}/submission")
    if status != 200:
        return  # reopened or deleted since
    rubric, at_seq = found["submission"]["rubric"], found["submission"]["snapshot"]["atSeq"]
    _, page = call("GET", f"/api/sessions/{session}/events?type=user_message&limit=1000")
    said = [each for each in page["events"] if each["seq"] < at_seq and not each.get("late")]
    prompts = [each for each in said if len(each["data"].get("content", "")) >= 4]
    # Under the submission's own id: posted again after a crash, it is the same score.
    body = {"id": event["id"], "model": "external_scorer.py", "categories": judge(rubric, prompts)}
    status, answer = call("POST", f"/api/sessions/{session}/scores", body)
    print(session, answer["score"]["finalScore"] if status == 201 else answer["error"]["code"], flush=True)


while True:
    place = open(PLACE_FILE).read() if os.path.exists(PLACE_FILE) else ""
    after = f"&after={urllib.parse.quote(place)}" if place else ""
    _, page = call("GET", f"/v1/events?types=task_submitted&limit=100{after}")
    for event in page["events"]:
        score(event)
    with open(PLACE_FILE, "w") as file:
        file.write(page["nextCursor"])
    if not page["hasMore"]:
        if "--once" in sys.argv:
            break
        time.sleep(1)
