package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

type object interface {
	comparable
	meta.Object
	runtime.Object
}

// What each typed client has.
type writer[T any] interface {
	Create(context.Context, T, meta.CreateOptions) (T, error)
	Update(context.Context, T, meta.UpdateOptions) (T, error)
	Get(context.Context, string, meta.GetOptions) (T, error)
	Watch(context.Context, meta.ListOptions) (watch.Interface, error)
	Patch(context.Context, string, types.PatchType, []byte, meta.PatchOptions, ...string) (T, error)
	Delete(context.Context, string, meta.DeleteOptions) error
}

// exercise takes one object through its life: create, get, update, an update that comes too late,
// patches, delete; a watch sees each of them.
func exercise[T object](ctx context.Context, client writer[T], make func() T, change func(T)) error {
	created, err := client.Create(ctx, make(), meta.CreateOptions{})
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	if err := asSent(make(), created); err != nil {
		return err
	}
	name := created.GetName()
	selection := meta.ListOptions{FieldSelector: "metadata.name=" + name, ResourceVersion: created.GetResourceVersion()}
	stream, err := client.Watch(ctx, selection)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	defer stream.Stop()
	got, err := client.Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	if !equality.Semantic.DeepEqual(got, created) {
		return fmt.Errorf("get brings another object than create: %v, %v", got, created)
	}
	if err := update(ctx, client, created, change); err != nil {
		return err
	}
	last, err := patch(ctx, client, name)
	if err != nil {
		return err
	}
	return remove(ctx, client, last, stream)
}

// asSent checks that what was sent in protobuf arrived, and that the server added what is its own.
func asSent[T object](sent, created T) error {
	if created.GetUID() == "" || created.GetResourceVersion() == "" || created.GetCreationTimestamp().Time.IsZero() {
		return fmt.Errorf("create: uid, version or time is missing: %v", created)
	}
	return kept("", asJSON(sent), asJSON(created))
}

func asJSON(object any) any {
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		panic(err)
	}
	return value
}

// kept checks that each value that was sent came back; the server may add to it.
func kept(path string, sent, got any) error {
	switch sent := sent.(type) {
	case nil:
		return nil
	case map[string]any:
		fields, _ := got.(map[string]any)
		for key, value := range sent {
			if err := kept(path+"."+key, value, fields[key]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		items, _ := got.([]any)
		if len(items) != len(sent) {
			return fmt.Errorf("create: %s has %d items, not %d", path, len(items), len(sent))
		}
		for index, value := range sent {
			if err := kept(fmt.Sprintf("%s[%d]", path, index), value, items[index]); err != nil {
				return err
			}
		}
		return nil
	}
	// What is written though it is empty is as good as not sent.
	if sent != got && sent != "" && sent != float64(0) && sent != false {
		return fmt.Errorf("create: %s is %v, sent was %v", path, got, sent)
	}
	return nil
}

func update[T object](ctx context.Context, client writer[T], created T, change func(T)) error {
	wanted := created.DeepCopyObject().(T)
	change(wanted)
	updated, err := client.Update(ctx, wanted, meta.UpdateOptions{})
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	if updated.GetResourceVersion() == created.GetResourceVersion() {
		return errors.New("update: the version did not change")
	}
	again := updated.DeepCopyObject().(T)
	change(again)
	if !equality.Semantic.DeepEqual(again, updated) {
		return fmt.Errorf("update: the change is not in the answer: %v", updated)
	}
	late := created.DeepCopyObject().(T)
	late.SetLabels(map[string]string{"late": "yes"})
	if _, err := client.Update(ctx, late, meta.UpdateOptions{}); !apierrors.IsConflict(err) {
		return fmt.Errorf("an update from an old version gives %v, not a conflict", err)
	}
	return nil
}

func patch[T object](ctx context.Context, client writer[T], name string) (T, error) {
	var none T
	patches := []struct {
		kind types.PatchType
		body string
	}{
		{types.MergePatchType, `{"metadata":{"labels":{"merge":"yes","strategic":"no"}}}`},
		{types.StrategicMergePatchType, `{"metadata":{"labels":{"strategic":"yes"}}}`},
		{types.JSONPatchType, `[{"op":"test","path":"/metadata/labels/merge","value":"yes"},{"op":"add","path":"/metadata/labels/json","value":"yes"}]`},
	}
	for _, one := range patches {
		if _, err := client.Patch(ctx, name, one.kind, []byte(one.body), meta.PatchOptions{}); err != nil {
			return none, fmt.Errorf("%s: %w", one.kind, err)
		}
	}
	got, err := client.Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return none, fmt.Errorf("get: %w", err)
	}
	for _, label := range []string{"merge", "strategic", "json"} {
		if got.GetLabels()[label] != "yes" {
			return none, fmt.Errorf("after the patches the labels are %v", got.GetLabels())
		}
	}
	return got, nil
}

func remove[T object](ctx context.Context, client writer[T], last T, stream watch.Interface) error {
	other := types.UID("00000000-0000-0000-0000-000000000000")
	wrong := meta.DeleteOptions{Preconditions: &meta.Preconditions{UID: &other}}
	if err := client.Delete(ctx, last.GetName(), wrong); !apierrors.IsConflict(err) {
		return fmt.Errorf("delete with another uid gives %v, not a conflict", err)
	}
	uid := last.GetUID()
	right := meta.DeleteOptions{Preconditions: &meta.Preconditions{UID: &uid}, GracePeriodSeconds: pointer(int64(0))}
	if err := client.Delete(ctx, last.GetName(), right); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	if _, ofNamespace := any(last).(*core.Namespace); !ofNamespace { // those end when they are empty
		if _, err := client.Get(ctx, last.GetName(), meta.GetOptions{}); !apierrors.IsNotFound(err) {
			return fmt.Errorf("get after delete gives %v, not NotFound", err)
		}
	}
	return seen(ctx, stream, last.GetResourceVersion())
}

// seen reads the watch up to the deletion: updates only, the last of them at that version.
func seen(ctx context.Context, stream watch.Interface, version string) error {
	last := ""
	for {
		select {
		case <-ctx.Done():
			return errors.New("the watch never brought the deletion")
		case event, open := <-stream.ResultChan():
			if !open {
				return errors.New("the watch ended before the deletion")
			}
			switch event.Type {
			case watch.Modified:
				last = event.Object.(meta.Object).GetResourceVersion()
				if event.Object.(meta.Object).GetDeletionTimestamp() != nil {
					last = version
				}
			case watch.Deleted:
				if last != version {
					return fmt.Errorf("the watch's last update was %s, not %s", last, version)
				}
				return nil
			default:
				return fmt.Errorf("the watch brought %s: %v", event.Type, event.Object)
			}
		}
	}
}
