package main

import (
	"context"
	"fmt"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// leaderElection: two candidates with one Lease. One leads; when it steps down the other leads, and
// never both. The leader renews in between (each renewal is an update in protobuf).
func leaderElection(ctx context.Context, config *rest.Config) error {
	config, sent := recordBodies(config)
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	leads := make(chan string, 4)
	first, stepDown := context.WithCancel(ctx)
	defer stepDown()
	firstDone := make(chan struct{})
	go func() {
		defer close(firstDone)
		campaign(first, clients, "first", leads)
	}()
	if who := next(ctx, leads); who != "first" {
		return fmt.Errorf("leader: %q", who)
	}
	go campaign(ctx, clients, "second", leads)
	if err := renewed(ctx, clients); err != nil {
		return err
	}
	select {
	case who := <-leads:
		return fmt.Errorf("%q leads beside the first", who)
	default:
	}
	stepDown()
	<-firstDone
	if who := next(ctx, leads); who != "second" {
		return fmt.Errorf("after the first stepped down the leader is %q", who)
	}
	lease, err := clients.CoordinationV1().Leases(namespace).Get(ctx, "election", meta.GetOptions{})
	if err != nil || *lease.Spec.HolderIdentity != "second" || *lease.Spec.LeaseTransitions != 1 {
		return fmt.Errorf("the Lease at the end: %v, %w", lease, err)
	}
	return sent.need("POST "+protobuf, "PUT "+protobuf)
}

func campaign(ctx context.Context, clients *kubernetes.Clientset, identity string, leads chan<- string) {
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{LeaseMeta: meta.ObjectMeta{Name: "election", Namespace: namespace},
			Client: clients.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: identity}},
		LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 250 * time.Millisecond, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { leads <- identity },
			OnStoppedLeading: func() {},
		},
	})
}

func next(ctx context.Context, leads <-chan string) string {
	select {
	case who := <-leads:
		return who
	case <-ctx.Done():
		return "nobody"
	}
}

// renewed waits, by a watch, for three renewals.
func renewed(ctx context.Context, clients *kubernetes.Clientset) error {
	stream, err := clients.CoordinationV1().Leases(namespace).Watch(ctx, meta.ListOptions{FieldSelector: "metadata.name=election"})
	if err != nil {
		return err
	}
	defer stream.Stop()
	for events := 0; events < 4; events++ { // the first is the Lease as it is
		if _, open := <-stream.ResultChan(); !open {
			return fmt.Errorf("the watch of the Lease ended")
		}
	}
	return nil
}
