// Package slicewatch knows which Services have a ready address: the program that is tested here.
package slicewatch

import (
	"context"
	"sync"

	discovery "k8s.io/api/discovery/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// Watcher follows all EndpointSlices until its context ends.
type Watcher struct {
	lister  cache.Indexer
	changed chan struct{}
	once    sync.Mutex
}

// New starts to follow and returns when it has seen all that there is.
func New(ctx context.Context, client kubernetes.Interface) (*Watcher, error) {
	factory := informers.NewSharedInformerFactory(client, 0)
	informer := factory.Discovery().V1().EndpointSlices().Informer()
	w := &Watcher{lister: informer.GetIndexer(), changed: make(chan struct{}, 1)}
	tell := func() {
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { tell() },
		UpdateFunc: func(any, any) { tell() },
		DeleteFunc: func(any) { tell() },
	})
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return w, ctx.Err()
}

// WaitUntilReady blocks until a Service has a ready address, or the context ends.
func (w *Watcher) WaitUntilReady(ctx context.Context, service string) error {
	w.once.Lock()
	defer w.once.Unlock()
	for !w.isReady(service) {
		select {
		case <-w.changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (w *Watcher) isReady(service string) bool {
	for _, object := range w.lister.List() {
		slice := object.(*discovery.EndpointSlice)
		if slice.Labels[discovery.LabelServiceName] != service {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
				return true
			}
		}
	}
	return false
}
