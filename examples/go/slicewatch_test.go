package slicewatch

import (
	"context"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

const database = `
version: 1
about: A database that is not ready yet.
services:
  db: {ports: {tcp: 5432}, pods: 1}
timeline:
  - {at: 0s, why: it starts, pods: {db-0: running}}
`

type object = map[string]any

func withCodec(config *rest.Config) *rest.Config {
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	return config
}

func start(t *testing.T, cluster *Cluster) (context.Context, *Watcher) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	client, err := kubernetes.NewForConfig(cluster.Config)
	if err != nil {
		t.Fatal(err)
	}
	watcher, err := New(ctx, client)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, watcher
}

func TestWaitsUntilTheDatabaseIsReady(t *testing.T) {
	cluster := StartCluster(t, database)
	ctx, watcher := start(t, cluster)
	cluster.WaitForWatch("endpointslices")
	if watcher.isReady("db") {
		t.Fatal("it is ready before anything is")
	}
	cluster.Control("POST", "steps", object{"pods": object{"db-0": "ready"}})
	if err := watcher.WaitUntilReady(ctx, "db"); err != nil {
		t.Fatal(err)
	}
}

// Its watch breaks, its history is forgotten, and the server is overloaded when it comes back.
func TestComesBackAfterAnOutage(t *testing.T) {
	cluster := StartCluster(t, database)
	ctx, watcher := start(t, cluster)
	cluster.WaitForWatch("endpointslices")
	cluster.Control("PUT", "faults/overload", object{"match": object{"resource": "endpointslices", "nth": "1..2"},
		"respond": object{"status": 429}})
	cluster.Control("POST", "compact", nil)
	cluster.Control("POST", "disconnect", nil)
	cluster.Control("POST", "steps", object{"pods": object{"db-0": "ready"}})
	if err := watcher.WaitUntilReady(ctx, "db"); err != nil {
		t.Fatal(err)
	}
}
