"""fabric8's Java client: Maven brings its jars, javac compiles the program."""
from harness.machine import need
from harness.suite import ProgramSuite


class JavaSuite(ProgramSuite):
    names = ["list in pages", "create, update, patch, delete", "workloads, scale and status", "server-side apply",
             "wait for a condition", "watch", "leader election"]
    modes = {"websocket": "informer, WebSocket first,", "http": "informer over HTTP"}

    def install(self, log):
        need("mvn", "javac", "java")
        jars = self.folder / "jars"
        log.run("mvn", "--batch-mode", "--no-transfer-progress", "--file", self.source / "pom.xml", "dependency:copy-dependencies",
                f"-DoutputDirectory={jars}")
        log.run("javac", "-Werror", "-Xlint:all,-processing,-try", "-cp", f"{jars}/*", "-d", self.folder / "classes",
                *sorted((self.source / "src").glob("*.java")))

    def command(self, *arguments):
        # One check is a short process: a small heap and the first compiler alone start it sooner.
        return ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-cp", f"{self.folder}/classes:{self.folder}/jars/*", "Main", *arguments]
