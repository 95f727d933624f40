package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	discovery "k8s.io/api/discovery/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Whether the informer lists by a stream (WatchList) is client-go's own feature gate, set from
// outside by KUBE_FEATURE_WatchListClient.
func follow(config *rest.Config) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	informer := factory.Discovery().V1().EndpointSlices().Informer()
	printer := &printer{store: informer.GetStore()}
	if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { printer.print() },
		UpdateFunc: func(any, any) { printer.print() },
		DeleteFunc: func(any) { printer.print() },
	}); err != nil {
		return err
	}
	stop := make(chan struct{})
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	printer.print()
	_, _ = io.Copy(io.Discard, os.Stdin)
	close(stop)
	factory.Shutdown()
	return nil
}

type printer struct {
	mutex sync.Mutex
	store cache.Store
}

func (p *printer) print() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	view := map[string]string{}
	for _, item := range p.store.List() {
		slice := item.(*discovery.EndpointSlice)
		words := []string{slice.ResourceVersion}
		for _, endpoint := range slice.Endpoints {
			words = append(words, endpoint.Addresses...)
		}
		view[slice.Name] = strings.Join(words, " ")
	}
	line, _ := json.Marshal(map[string]any{"view": view})
	fmt.Println(string(line))
}
