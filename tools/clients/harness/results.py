"""What came of each check: one printed line, and results.json for the page in docs/."""
import json
import threading

PASSED, FAILED, SKIPPED = "passed", "FAILED", "skipped"


WHY_MAX = 700  # characters of a printed reason; results.json has all of it


def one_line(why):
    """The end of it, where programs say what was wrong."""
    flat = " / ".join(line.strip() for line in why.splitlines() if line.strip(" ^"))
    return flat if len(flat) <= WHY_MAX else "... " + flat[-WHY_MAX:]


class Results:
    def __init__(self):
        self._lock = threading.Lock()
        self.rows = []

    def add(self, client, version, check, result, why=""):
        with self._lock:
            self.rows.append({"client": client, "version": version, "check": check, "result": result, "why": why})
            print(" ".join([f"{client} {version}: {check}: {result}", one_line(why)]).rstrip(), flush=True)

    def count(self, result):
        return sum(row["result"] == result for row in self.rows)

    def write(self, path, clients):
        """In the place of what was known of these clients."""
        path.parent.mkdir(parents=True, exist_ok=True)
        before = json.loads(path.read_text()) if path.exists() else []
        rows = [row for row in before if row["client"] not in clients] + self.rows
        path.write_text(json.dumps(rows, indent=1) + "\n")

    def closing_line(self):
        return f"{self.count(PASSED)} passed, {self.count(FAILED)} failed, {self.count(SKIPPED)} skipped"
