import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/**
 * A program on fabric8: {@code check NAME} does one thing with the API and exits with 0 when all of it was right;
 * {@code watch MODE} keeps an informer's cache and prints it at each change until its input ends.
 */
public final class Main {
  public static void main(String[] arguments) throws Exception {
    boolean onlyHttp = arguments[0].equals("watch") && arguments[1].equals("http");
    Config config = new ConfigBuilder().withOnlyHttpWatches(onlyHttp).build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      if (arguments[0].equals("watch")) {
        Follow.follow(client);
      } else {
        check(client, arguments[1]);
      }
    }
    System.exit(0); // threads of the event loop would hold the process for seconds
  }

  /** The library's traces are hundreds of lines of its event loop; what was wrong stands in the messages. */
  private static void check(KubernetesClient client, String name) {
    try {
      Checks.ALL.get(name).run(client);
    } catch (Throwable error) {
      for (StackTraceElement frame : error.getStackTrace()) {
        if (frame.getClassName().startsWith("Checks")) {
          System.err.println("at " + frame);
        }
      }
      for (Throwable cause = error; cause != null; cause = cause.getCause()) {
        System.err.println(cause);
      }
      System.exit(1);
    }
  }
}
