"""`exec` and `install` with real processes: what the command finds and what its end means, in place of the program and as its
child, and both as PID 1. Readiness is written through the API, so nothing here depends on a clock."""
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from control_api_test import Api
from programs import BIN, PATIENCE, EndToEnd, Waiter

SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
PID_NAMESPACE = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]

# Says "up" and goes on until one of these signals, then exits with 40 + its number.
SERVER = """
import os, signal, sys
signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
os.write(1, b"up %d\\n" % os.getpid())
sys.exit(40 + signal.sigwait(signals))
"""
# Ignores SIGTERM, and so does what it starts.
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
os.write(1, b"up %d\\n" % os.getpid())
while True: time.sleep(600)
"""
# Leaves orphans behind that end at once, and ends when none of them is there any more.
ORPHANS = """
import os
first = os.getpid()
for _ in range(50):
    child = os.fork()
    if child == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(0)
    os.waitpid(child, 0)
mine = {"1", str(first)}
while {name for name in os.listdir("/proc") if name.isdigit()} - mine: pass
print("clean", flush=True)
"""


def python(program):
    return [sys.executable, "-c", program]


def why_no_pid_namespace():
    try:
        tried = subprocess.run([*PID_NAMESPACE, "true"], capture_output=True, text=True, timeout=PATIENCE)
    except FileNotFoundError:
        return "no program unshare here"
    return f"no PID namespace here: {tried.stderr.strip()}" if tried.returncode else None


class ExecTest(EndToEnd):
    def setUp(self):
        super().setUp()
        self.served = self.serve(None, "--pods=none")
        self.served.__enter__()
        self.addCleanup(self.served.__exit__)
        self.api = Api(self.served)
        self.addCleanup(self.api.connection.close)
        self.made = False

    def ready(self, ready=True):
        """What the API shows of the one backend of mysql."""
        wanted = {"metadata": {"name": "mysql-1", "labels": {"kubernetes.io/service-name": "mysql"}}, "addressType": "IPv4",
                  "ports": [{"name": "tcp", "port": 3306, "protocol": "TCP"}],
                  "endpoints": [{"addresses": ["10.20.0.9"], "conditions": {"ready": ready}}]}
        status, answer = (self.api.call("PUT", SLICES + "/mysql-1", wanted) if self.made
                          else self.api.call("POST", SLICES, wanted))
        self.assertIn(status, (200, 201), answer)
        self.made = True

    def start(self, *arguments, pid_1=False, environment=None, **more):
        waiter = Waiter.__new__(Waiter)
        command = [*(PID_NAMESPACE if pid_1 else []), str(BIN / "wait-for-endpoints"), "exec", *arguments]
        waiter.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                          env=environment or self.served.pod(), **more)
        os.set_blocking(waiter.process.stderr.fileno(), False)
        waiter.log = ""
        self.addCleanup(self.end, waiter.process)
        return waiter

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()

    def run_exec(self, *arguments, **more):
        waiter = self.start(*arguments, **more)
        return waiter.finish(), waiter

    def up(self, waiter):
        """The PID of the SERVER, once it is there."""
        line = waiter.process.stdout.readline().decode().split()
        self.assertEqual(line[:1], ["up"], waiter.log)
        return int(line[1])

    def child_of(self, pid):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.assertEqual(len(children), 1)
        return int(children[0])

    def need_pid_namespace(self):
        reason = why_no_pid_namespace()
        if reason:
            print(f"skipped: {reason}", flush=True)
            self.skipTest(reason)

    def expect_as_if_started_directly(self, command, *flags, **more):
        """The command prints the same under `exec` as without it."""
        self.ready()
        directly = subprocess.run(command, capture_output=True, text=True, env=self.served.pod(), check=True)
        code, waiter = self.run_exec(*flags, "mysql", "--", *command, **more)
        self.assertEqual(code, 0, waiter.log)
        self.assertEqual(waiter.output, directly.stdout)


class InPlace(ExecTest):
    def test_the_command_has_our_pid_and_its_code_is_ours(self):
        self.ready()
        code, waiter = self.run_exec("mysql", "--", "sh", "-c", "echo $$; exit 3")
        self.assertEqual(code, 3, waiter.log)
        self.assertEqual(waiter.output, f"{waiter.process.pid}\n")

    def test_the_command_gets_its_arguments_as_they_are(self):
        self.ready()
        _, waiter = self.run_exec("mysql", "--", "printf", "%s|", "--timeout", "a b", "", "$HOME", "--")
        self.assertEqual(waiter.output, "--timeout|a b||$HOME|--|")

    def test_the_command_is_started_only_when_the_dependency_is_ready(self):
        self.ready(False)
        waiter = self.start("mysql", "--", *python(SERVER)).wait_for_line("0 of 1 backends ready")
        self.ready()
        self.assertEqual(self.up(waiter), waiter.process.pid)
        waiter.process.send_signal(signal.SIGTERM)
        self.assertEqual(waiter.finish(), 40 + signal.SIGTERM, waiter.log)

    def test_the_command_finds_the_signals_as_we_were_given_them(self):
        self.expect_as_if_started_directly(["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"])

    def test_the_command_finds_the_environment_as_we_were_given_it(self):
        self.expect_as_if_started_directly(["env"])

    def test_a_variable_that_we_would_set_is_kept_when_the_user_sets_it(self):
        self.ready()
        environment = self.served.pod(OPENSSL_CONF="/dev/null")
        _, waiter = self.run_exec("mysql", "--", "printenv", "OPENSSL_CONF", environment=environment)
        self.assertEqual(waiter.output, "/dev/null\n")

    def test_the_command_finds_the_limits_as_we_were_given_them(self):
        self.expect_as_if_started_directly(["cat", "/proc/self/limits"])

    def test_the_command_inherits_no_descriptor_but_the_three(self):
        extra = os.open("/dev/null", os.O_RDONLY)
        self.addCleanup(os.close, extra)
        self.expect_as_if_started_directly(["ls", "/proc/self/fd"], pass_fds=[extra])

    def test_a_command_that_is_not_there_is_127(self):
        self.ready()
        code, waiter = self.run_exec("mysql", "--", "no-such-program-anywhere")
        self.assertEqual(code, 127, waiter.log)
        self.assertIn('cannot execute "no-such-program-anywhere": No such file or directory', waiter.log.splitlines()[-1])

    def test_a_file_that_is_no_program_is_126(self):
        self.ready()
        path = self.write("data", "x")
        code, waiter = self.run_exec("mysql", "--", str(path))
        self.assertEqual(code, 126, waiter.log)
        self.assertIn(f'cannot execute "{path}": Permission denied', waiter.log.splitlines()[-1])

    def test_a_program_for_another_machine_is_126(self):
        self.ready()
        path = self.write("foreign", "\x7fELF\x02\x01\x01")
        path.chmod(0o755)
        code, waiter = self.run_exec("mysql", "--", str(path))
        self.assertEqual(code, 126, waiter.log)
        self.assertIn("Exec format error", waiter.log.splitlines()[-1])

    def test_a_script_whose_interpreter_is_missing_says_so(self):
        self.ready()
        path = self.write("script", "#!/no/such/interpreter\n")
        path.chmod(0o755)
        code, waiter = self.run_exec("mysql", "--", str(path))
        self.assertEqual(code, 127, waiter.log)
        self.assertIn("its interpreter", waiter.log.splitlines()[-1])

    def test_sigterm_while_waiting_is_143_and_the_command_never_runs(self):
        for number, expected in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            waiter = self.start("mysql", "--", "echo", "ran").wait_for_line("default/mysql: the API has no")
            waiter.process.send_signal(number)
            self.assertEqual(waiter.finish(), expected, waiter.log)
            self.assertEqual(waiter.output, "")

    def test_the_timeout_is_124_and_the_command_never_runs(self):
        code, waiter = self.run_exec("--timeout=200ms", "mysql", "--", "echo", "ran")
        self.assertEqual(code, 124, waiter.log)
        self.assertEqual(waiter.output, "")

    def test_as_pid_1_the_command_is_pid_1(self):
        self.need_pid_namespace()
        self.ready()
        code, waiter = self.run_exec("mysql", "--", "sh", "-c", "echo $$; exit 5", pid_1=True)
        self.assertEqual((code, waiter.output), (5, "1\n"), waiter.log)

    def test_as_pid_1_sigterm_while_waiting_is_143(self):
        self.need_pid_namespace()
        waiter = self.start("mysql", "--", "echo", "ran", pid_1=True).wait_for_line("default/mysql: the API has no")
        os.kill(self.child_of(waiter.process.pid), signal.SIGTERM)
        self.assertEqual(waiter.finish(), 143, waiter.log)
        self.assertEqual(waiter.output, "")


class AsParent(ExecTest):
    def supervise(self, *arguments, **more):
        return self.start("--on-lost=term", "--lost-after=0s", *arguments, **more)

    def test_the_commands_code_is_ours(self):
        self.ready()
        self.assertEqual(self.run_exec("--on-lost=term", "mysql", "--", "sh", "-c", "exit 3")[0], 3)
        self.assertEqual(self.run_exec("--on-lost=restart", "mysql", "--", "sh", "-c", "exit 0")[0], 0)
        self.assertEqual(self.run_exec("--on-lost=term", "mysql", "--", "sh", "-c", "kill -KILL $$")[0], 137)

    def test_a_command_that_is_not_there_is_127(self):
        self.ready()
        code, waiter = self.run_exec("--on-lost=term", "mysql", "--", "no-such-program-anywhere")
        self.assertEqual(code, 127, waiter.log)
        self.assertIn('cannot execute "no-such-program-anywhere"', waiter.log.splitlines()[-1])

    def test_a_file_that_is_no_program_is_126(self):
        self.ready()
        self.assertEqual(self.run_exec("--on-lost=term", "mysql", "--", str(self.write("data", "x")))[0], 126)

    def test_the_command_finds_the_signals_as_we_were_given_them(self):
        self.expect_as_if_started_directly(["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"], "--on-lost=term")

    def test_the_command_finds_the_environment_as_we_were_given_it(self):
        self.expect_as_if_started_directly(["env"], "--on-lost=term")

    def test_the_command_inherits_no_descriptor_but_the_three(self):
        extra = os.open("/dev/null", os.O_RDONLY)
        self.addCleanup(os.close, extra)
        self.expect_as_if_started_directly(["ls", "/proc/self/fd"], "--on-lost=term", pass_fds=[extra])

    def test_forwards_signals(self):
        self.ready()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
            waiter = self.supervise("mysql", "--", *python(SERVER))
            self.up(waiter)
            waiter.process.send_signal(number)
            self.assertEqual(waiter.finish(), 40 + number, waiter.log)

    def test_sigterm_while_waiting_is_143_and_the_command_never_runs(self):
        waiter = self.supervise("mysql", "--", "echo", "ran").wait_for_line("default/mysql: the API has no")
        waiter.process.send_signal(signal.SIGTERM)
        self.assertEqual(waiter.finish(), 143, waiter.log)
        self.assertEqual(waiter.output, "")

    def test_a_loss_terminates_the_command_and_is_69(self):
        self.ready()
        waiter = self.supervise("mysql", "--", *python(SERVER))
        self.up(waiter)
        self.ready(False)
        self.assertEqual(waiter.finish(), 69, waiter.log)

    def test_a_loss_ends_also_what_ignores_sigterm_and_what_that_started(self):
        self.ready()
        waiter = self.supervise("--kill-after=200ms", "mysql", "--", *python(STUBBORN))
        self.up(waiter)
        self.up(waiter)
        self.ready(False)
        self.assertEqual(waiter.finish(), 69, waiter.log)  # and nobody holds its output any more

    def test_restart_starts_the_command_again(self):
        self.ready()
        waiter = self.start("--on-lost=restart", "--lost-after=0s", "mysql", "--", *python(SERVER))
        first = self.up(waiter)
        self.ready(False)
        waiter.wait_for_line("lost after")
        self.ready()
        self.assertNotEqual(self.up(waiter), first)
        waiter.process.send_signal(signal.SIGUSR1)
        self.assertEqual(waiter.finish(), 40 + signal.SIGUSR1, waiter.log)

    def test_sigterm_between_two_starts_is_143(self):
        self.ready()
        waiter = self.start("--on-lost=restart", "--lost-after=0s", "mysql", "--", *python(SERVER))
        self.up(waiter)
        self.ready(False)
        waiter.wait_for_line("exited with")
        waiter.process.send_signal(signal.SIGTERM)
        self.assertEqual(waiter.finish(), 143, waiter.log)

    def test_as_pid_1_reaps_orphans_and_ends_with_the_commands_code(self):
        self.need_pid_namespace()
        self.ready()
        waiter = self.supervise("mysql", "--", *python(ORPHANS), pid_1=True)
        self.assertEqual(waiter.finish(), 0, waiter.log)
        self.assertEqual(waiter.output, "clean\n")

    def test_as_pid_1_forwards_sigterm(self):
        self.need_pid_namespace()
        self.ready()
        waiter = self.supervise("mysql", "--", *python(SERVER), pid_1=True)
        self.assertNotEqual(self.up(waiter), 1)
        os.kill(self.child_of(waiter.process.pid), signal.SIGTERM)
        self.assertEqual(waiter.finish(), 40 + signal.SIGTERM, waiter.log)


class Install(EndToEnd):
    def install(self, folder, program=None):
        return subprocess.run([str(program or BIN / "wait-for-endpoints"), "install", str(folder)], capture_output=True, text=True,
                              timeout=PATIENCE)

    def test_the_copy_is_the_program_and_can_install_itself_again(self):
        done = self.install(self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        copy = self.folder / "wait-for-endpoints"
        self.assertEqual(copy.read_bytes(), (BIN / "wait-for-endpoints").read_bytes())
        self.assertEqual(copy.stat().st_mode & 0o7777, 0o555)
        inode = copy.stat().st_ino
        self.assertEqual(self.install(self.folder, copy).returncode, 0)
        self.assertEqual(copy.stat().st_ino, inode, "nothing is done when it is there")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["wait-for-endpoints"])

    def test_a_copy_that_is_running_is_replaced(self):
        copy = self.folder / "wait-for-endpoints"
        copy.write_bytes(Path("/bin/sleep").read_bytes())
        copy.chmod(0o755)
        with subprocess.Popen([str(copy), "600"]) as running:
            self.addCleanup(running.kill)
            done = self.install(self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIsNone(running.poll())
            running.kill()

    def test_a_folder_that_is_not_there_is_named(self):
        done = self.install(self.folder / "missing")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(self.folder / "missing"), done.stderr)


if __name__ == "__main__":
    unittest.main()
