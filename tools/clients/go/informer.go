package main

import (
	"context"
	"fmt"
	"sync/atomic"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"time"
)

// informerSeesAll: several informers of one factory, lister and handlers agree with what was written.
func informerSeesAll(ctx context.Context, config *rest.Config) error {
	clients, err := configMaps(ctx, config, 30)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(clients, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *meta.ListOptions) { options.LabelSelector = "odd=1" }))
	maps := factory.Core().V1().ConfigMaps()
	factory.Core().V1().Services().Informer()
	factory.Coordination().V1().Leases().Informer()
	var added, deleted atomic.Int64
	if _, err := maps.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { added.Add(1) },
		DeleteFunc: func(any) { deleted.Add(1) },
	}); err != nil {
		return err
	}
	factory.StartWithContext(ctx)
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("the informer of %v never synced", kind)
		}
	}
	client := clients.CoreV1().ConfigMaps(namespace)
	// One leaves the selection by a label, one by deletion, one comes.
	leaving, err := client.Get(ctx, "map-01", meta.GetOptions{})
	if err != nil {
		return err
	}
	leaving.Labels["odd"] = "0"
	if _, err := client.Update(ctx, leaving, meta.UpdateOptions{}); err != nil {
		return err
	}
	if err := client.Delete(ctx, "map-03", meta.DeleteOptions{}); err != nil {
		return err
	}
	late := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: "late", Labels: map[string]string{"odd": "1"}}}
	if _, err := client.Create(ctx, late, meta.CreateOptions{}); err != nil {
		return err
	}
	err = wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(context.Context) (bool, error) {
		all, err := maps.Lister().List(labels.Everything())
		return len(all) == 14 && added.Load() == 16 && deleted.Load() == 2, err
	})
	if err != nil {
		all, _ := maps.Lister().List(labels.Everything())
		return fmt.Errorf("%d in the cache, %d added, %d deleted: %w", len(all), added.Load(), deleted.Load(), err)
	}
	return nil
}
