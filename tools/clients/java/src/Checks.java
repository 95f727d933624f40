import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What programs on fabric8 do, one method for each thing. */
final class Checks {
  interface Check {
    void run(KubernetesClient client) throws Exception;
  }

  static final String NAMESPACE = "default";
  static final long PATIENCE_S = 60; // an end for a server that does not answer, not a measure

  static final Map<String, Check> ALL = Map.of(
      "list in pages", Checks::listInPages,
      "create, update, patch, delete", Checks::write,
      "workloads, scale and status", Checks::workloads,
      "server-side apply", Checks::serverSideApply,
      "wait for a condition", Checks::waitForCondition,
      "watch", Checks::watch,
      "leader election", Checks::leaderElection);

  static void need(boolean right, Object what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  static int statusOf(Runnable call) {
    try {
      call.run();
    } catch (KubernetesClientException error) {
      return error.getCode();
    }
    throw new AssertionError("the call should have failed");
  }

  static ConfigMap map(String name, Map<String, String> data) {
    return new ConfigMapBuilder().withNewMetadata().withName(name).addToLabels("app", "web").endMetadata()
        .withData(data).build();
  }

  static void listInPages(KubernetesClient client) {
    var maps = client.configMaps().inNamespace(NAMESPACE);
    for (int number = 0; number < 7; ++number) {
      maps.resource(map("map-" + number, Map.of())).create();
    }
    List<String> names = new ArrayList<>();
    String next = null;
    do {
      ConfigMapList page = maps.withLabel("app", "web")
          .list(new ListOptionsBuilder().withLimit(3L).withContinue(next).build());
      page.getItems().forEach(one -> names.add(one.getMetadata().getName()));
      next = page.getMetadata().getContinue();
      if (next != null && !next.isEmpty()) {
        maps.resource(map("late-" + names.size(), Map.of())).create();
      }
    } while (next != null && !next.isEmpty());
    need(names.equals(List.of("map-0", "map-1", "map-2", "map-3", "map-4", "map-5", "map-6")), names);
    need(maps.withField("metadata.name", "map-2").list().getItems().size() == 1, "a field selector");
  }

  static void write(KubernetesClient client) {
    var maps = client.configMaps().inNamespace(NAMESPACE);
    ConfigMap created = maps.resource(map("one", Map.of("a", "1"))).create();
    need(created.getMetadata().getUid() != null, created);
    need(statusOf(() -> maps.resource(map("one", Map.of())).create()) == 409, "create twice");
    ConfigMap updated = maps.resource(new ConfigMapBuilder(created).addToData("a", "2").build()).update();
    need(updated.getData().equals(Map.of("a", "2")), updated);
    ConfigMap late = new ConfigMapBuilder(created).addToData("a", "3").build();
    need(statusOf(() -> maps.resource(late).lockResourceVersion().update()) == 409, "update of an old version");
    ConfigMap edited = maps.withName("one").edit(one -> new ConfigMapBuilder(one).addToData("b", "3").build());
    need(edited.getData().equals(Map.of("a", "2", "b", "3")), edited);
    ConfigMap patched = maps.withName("one").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"a\":null}}");
    need(patched.getData().equals(Map.of("b", "3")), patched);
    patched = maps.withName("one").patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"c\":\"4\"}}");
    need(patched.getData().equals(Map.of("b", "3", "c", "4")), patched);
    need(maps.withName("one").delete().size() == 1, "delete");
    need(maps.withName("one").get() == null, "get after delete");
  }

  static Deployment deployment(String image, Integer replicas) {
    return new DeploymentBuilder().withNewMetadata().withName("web").endMetadata().withNewSpec().withReplicas(replicas)
        .withNewSelector().addToMatchLabels("app", "web").endSelector()
        .withNewTemplate().withNewMetadata().addToLabels("app", "web").endMetadata()
        .withNewSpec().addNewContainer().withName("web").withImage(image).endContainer().endSpec().endTemplate()
        .endSpec().build();
  }

  static void workloads(KubernetesClient client) {
    var web = client.apps().deployments().inNamespace(NAMESPACE).withName("web");
    Deployment created = client.resource(deployment("example.com/web:1", null)).inNamespace(NAMESPACE).create();
    need(created.getSpec().getReplicas() == 1, created);
    web.edit(one -> new DeploymentBuilder(one).editSpec().withReplicas(3).endSpec().build());
    Deployment status = web.editStatus(one -> new DeploymentBuilder(one).withNewStatus().withReplicas(3)
        .withReadyReplicas(3).withAvailableReplicas(3).withObservedGeneration(2L).endStatus().build());
    need(status.getStatus().getReadyReplicas() == 3 && status.getSpec().getReplicas() == 3, status);
    need(web.scale().getSpec().getReplicas() == 3, "scale");
    Deployment scaled = web.scale(3);
    need(scaled.getSpec().getReplicas() == 3, scaled);
  }

  static void serverSideApply(KubernetesClient client) {
    var maps = client.configMaps().inNamespace(NAMESPACE);
    maps.resource(map("one", Map.of("a", "1", "b", "1"))).fieldManager("alice").serverSideApply();
    int status = statusOf(() -> maps.resource(map("one", Map.of("a", "2"))).fieldManager("bob").serverSideApply());
    need(status == 409, status);
    ConfigMap forced = maps.resource(map("one", Map.of("a", "2"))).fieldManager("bob").forceConflicts().serverSideApply();
    need(forced.getData().equals(Map.of("a", "2", "b", "1")), forced);
    ConfigMap last = maps.resource(map("one", Map.of())).fieldManager("alice").serverSideApply();
    need(last.getData().equals(Map.of("a", "2")), last);
  }

  static void waitForCondition(KubernetesClient client) throws Exception {
    var pods = client.pods().inNamespace(NAMESPACE);
    pods.resource(new PodBuilder().withNewMetadata().withName("web").endMetadata().withNewSpec()
        .addNewContainer().withName("web").withImage("example.com/web:1").endContainer().endSpec().build()).create();
    CompletableFuture<Pod> ready = pods.withName("web").informOnCondition(
        list -> list.stream().anyMatch(pod -> "Running".equals(pod.getStatus().getPhase())))
        .thenApply(list -> list.get(0));
    pods.withName("web").editStatus(
        pod -> new PodBuilder(pod).editOrNewStatus().withPhase("Running").endStatus().build());
    need(ready.get(PATIENCE_S, TimeUnit.SECONDS).getMetadata().getName().equals("web"), "the Pod");
    pods.withName("web").withGracePeriod(0).delete();
    need(pods.withName("web").waitUntilCondition(pod -> pod == null, PATIENCE_S, TimeUnit.SECONDS) == null, "deleted");
  }

  static void watch(KubernetesClient client) throws Exception {
    var maps = client.configMaps().inNamespace(NAMESPACE);
    String start = maps.list().getMetadata().getResourceVersion();
    LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    Watcher<ConfigMap> watcher = new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap map) {
        events.add(action + " " + map.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException error) {
        events.add("closed: " + error);
      }
    };
    try (Watch watch = maps.watch(new ListOptionsBuilder().withResourceVersion(start).build(), watcher)) {
      ConfigMap one = maps.resource(map("one", Map.of("a", "1"))).create();
      maps.resource(new ConfigMapBuilder(one).addToData("a", "2").build()).update();
      maps.withName("one").delete();
      for (String wanted : List.of("ADDED one", "MODIFIED one", "DELETED one")) {
        String seen = events.poll(PATIENCE_S, TimeUnit.SECONDS);
        need(wanted.equals(seen), seen);
      }
    }
  }

  static void leaderElection(KubernetesClient client) throws Exception {
    CountDownLatch leads = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    var elector = client.leaderElector().withConfig(new LeaderElectionConfigBuilder().withName("election")
        .withLock(new LeaseLock(NAMESPACE, "election", "first")).withReleaseOnCancel(true)
        .withLeaseDuration(Duration.ofSeconds(15)).withRenewDeadline(Duration.ofSeconds(10))
        .withRetryPeriod(Duration.ofMillis(250))
        .withLeaderCallbacks(new LeaderCallbacks(leads::countDown, stopped::countDown, leader -> {})).build()).build();
    CompletableFuture<?> running = elector.start();
    need(leads.await(PATIENCE_S, TimeUnit.SECONDS), "nobody leads");
    var lease = client.leases().inNamespace(NAMESPACE).withName("election");
    var taken = lease.get().getSpec();
    need(taken.getHolderIdentity().equals("first"), taken);
    lease.waitUntilCondition(one -> one.getSpec().getRenewTime().isAfter(taken.getRenewTime()), PATIENCE_S, TimeUnit.SECONDS);
    running.cancel(true);
    need(stopped.await(PATIENCE_S, TimeUnit.SECONDS), "it does not stop");
    // fabric8 lets go of a Lease by a patch that makes it last one second; it does not take its name away.
    lease.waitUntilCondition(one -> one.getSpec().getLeaseDurationSeconds() == 1, PATIENCE_S, TimeUnit.SECONDS);
  }
}
