package main

import (
	"context"
	"fmt"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

func discoveryAndDynamicClient(ctx context.Context, config *rest.Config) error {
	plain, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(plain))
	for _, kind := range []schema.GroupKind{{Kind: "Endpoints"}, {Group: "discovery.k8s.io", Kind: "EndpointSlice"},
		{Group: "apps", Kind: "Deployment"}, {Group: "coordination.k8s.io", Kind: "Lease"}} {
		if _, err := mapper.RESTMapping(kind); err != nil {
			return fmt.Errorf("mapping of %s: %w", kind, err)
		}
	}
	if err := createDefinition(ctx, client); err != nil {
		return err
	}
	mapper.Reset()
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "example.com", Kind: "Widget"})
	if err != nil {
		return fmt.Errorf("mapping of the custom resource: %w", err)
	}
	widgets := client.Resource(mapping.Resource).Namespace(namespace)
	widget := custom("example.com/v1", "Widget", "one", map[string]any{"spec": map[string]any{"size": int64(3)}})
	if _, err := widgets.Create(ctx, widget, meta.CreateOptions{}); err != nil {
		return fmt.Errorf("create the custom resource: %w", err)
	}
	bad := custom("example.com/v1", "Widget", "two", map[string]any{"spec": map[string]any{"size": "large"}})
	if _, err := widgets.Create(ctx, bad, meta.CreateOptions{}); err == nil {
		return fmt.Errorf("a custom resource against its schema was taken")
	}
	list, err := widgets.List(ctx, meta.ListOptions{})
	if err != nil || len(list.Items) != 1 {
		return fmt.Errorf("list of the custom resource: %v, %w", list, err)
	}
	return nil
}

func custom(apiVersion, kind, name string, more map[string]any) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": name}}}
	for key, value := range more {
		object.Object[key] = value
	}
	return object
}

func createDefinition(ctx context.Context, client dynamic.Interface) error {
	definitions := client.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	object := func(properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "properties": properties}
	}
	definition := custom("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com", map[string]any{"spec": map[string]any{
		"group": "example.com", "scope": "Namespaced", "names": map[string]any{"plural": "widgets", "singular": "widget", "kind": "Widget"},
		"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": map[string]any{
			"openAPIV3Schema": object(map[string]any{"spec": object(map[string]any{"size": map[string]any{"type": "integer"}})})}}}}})
	if _, err := definitions.Create(ctx, definition, meta.CreateOptions{}); err != nil {
		return fmt.Errorf("create the definition: %w", err)
	}
	return wait.PollUntilContextCancel(ctx, 50*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		current, err := definitions.Get(ctx, "widgets.example.com", meta.GetOptions{})
		if err != nil {
			return false, err
		}
		conditions, _, _ := unstructured.NestedSlice(current.Object, "status", "conditions")
		for _, one := range conditions {
			condition, _ := one.(map[string]any)
			if condition["type"] == "Established" && condition["status"] == "True" {
				return true, nil
			}
		}
		return false, nil
	})
}
