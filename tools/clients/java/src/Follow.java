import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A cache of EndpointSlices by an informer. Whether it watches over WebSocket or HTTP is the client's configuration. */
final class Follow {
  static void follow(KubernetesClient client) throws Exception {
    SharedIndexInformer<EndpointSlice> informer =
        client.discovery().v1().endpointSlices().inNamespace("default").runnableInformer(0);
    informer.addEventHandler(new ResourceEventHandler<>() {
      @Override
      public void onAdd(EndpointSlice slice) {
        show(informer);
      }

      @Override
      public void onUpdate(EndpointSlice before, EndpointSlice after) {
        show(informer);
      }

      @Override
      public void onDelete(EndpointSlice slice, boolean stateUnknown) {
        show(informer);
      }
    });
    informer.exceptionHandler((started, error) -> {
      System.err.println("informer: " + error);
      return true; // go on
    });
    informer.start();
    show(informer);
    while (System.in.read() != -1) {}
    informer.stop();
  }

  private static synchronized void show(SharedIndexInformer<EndpointSlice> informer) {
    TreeMap<String, String> view = new TreeMap<>();
    for (EndpointSlice slice : informer.getStore().list()) {
      String addresses = slice.getEndpoints().stream().map(one -> " " + String.join(" ", one.getAddresses()))
          .collect(Collectors.joining());
      view.put(slice.getMetadata().getName(), slice.getMetadata().getResourceVersion() + addresses);
    }
    List<String> pairs = view.entrySet().stream()
        .map(entry -> '"' + entry.getKey() + "\":\"" + entry.getValue() + '"').collect(Collectors.toList());
    System.out.println("{\"view\":{" + String.join(",", pairs) + "}}");
  }
}
