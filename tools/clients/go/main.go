// A program on client-go, as controllers are: `check NAME` does one thing with the API and exits
// with 0 when all of it was right; `watch MODE` keeps an informer's cache and prints it at each
// change until its input ends.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const namespace = "default"

// An end for a server that does not answer, not a measure.
const patience = 80 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return fmt.Errorf("use: check NAME, or watch MODE")
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	config.UserAgent = "go-client"
	if arguments[0] == "watch" {
		return follow(config)
	}
	check, known := checks()[arguments[1]]
	if !known {
		return fmt.Errorf("there is no check %q", arguments[1])
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return check(ctx, config)
}

type check func(context.Context, *rest.Config) error

func checks() map[string]check {
	all := map[string]check{
		"scale and status":                 scaleAndStatus,
		"apply configurations":             applyConfigurations,
		"token and access reviews":         tokenAndAccessReviews,
		"delete collection":                deleteCollection,
		"discovery and dynamic client":     discoveryAndDynamicClient,
		"informer sees all":                informerSeesAll,
		"leader election":                  leaderElection,
		"list in pages":                    listInPages,
		"watch from a version that is old": watchFromOldVersion,
	}
	for kind, exercise := range kinds() {
		all["typed "+kind] = exercise
	}
	return all
}
