package main

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	appsapply "k8s.io/client-go/applyconfigurations/apps/v1"
	coreapply "k8s.io/client-go/applyconfigurations/core/v1"
	metaapply "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func applyConfigurations(ctx context.Context, config *rest.Config) error {
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	deployments := clients.AppsV1().Deployments(namespace)
	wanted := func(image string, replicas *int32) *appsapply.DeploymentApplyConfiguration {
		spec := appsapply.DeploymentSpec().
			WithSelector(metaapply.LabelSelector().WithMatchLabels(map[string]string{"app": "web"})).
			WithTemplate(coreapply.PodTemplateSpec().WithLabels(map[string]string{"app": "web"}).
				WithSpec(coreapply.PodSpec().WithContainers(coreapply.Container().WithName("web").WithImage(image))))
		spec.Replicas = replicas
		return appsapply.Deployment("web", namespace).WithSpec(spec)
	}
	alice, bob := meta.ApplyOptions{FieldManager: "alice"}, meta.ApplyOptions{FieldManager: "bob"}
	created, err := deployments.Apply(ctx, wanted("example.com/web:1", pointer(int32(3))), alice)
	if err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	if len(created.ManagedFields) != 1 || created.ManagedFields[0].Manager != "alice" || created.ManagedFields[0].Operation != "Apply" {
		return fmt.Errorf("managedFields: %v", created.ManagedFields)
	}
	again, err := deployments.Apply(ctx, wanted("example.com/web:1", pointer(int32(3))), alice)
	if err != nil || again.ResourceVersion != created.ResourceVersion {
		return fmt.Errorf("the same again is not the same version: %w", err)
	}
	if _, err := deployments.Apply(ctx, wanted("example.com/web:2", nil), bob); !apierrors.IsConflict(err) {
		return fmt.Errorf("another manager's other image gives %v, not a conflict", err)
	}
	bob.Force = true
	if _, err := deployments.Apply(ctx, wanted("example.com/web:2", nil), bob); err != nil {
		return fmt.Errorf("forced: %w", err)
	}
	// Alice no longer wants a number: the field goes back to its default.
	last, err := deployments.Apply(ctx, wanted("example.com/web:2", nil), alice)
	if err != nil {
		return fmt.Errorf("apply without replicas: %w", err)
	}
	if *last.Spec.Replicas != 1 || last.Spec.Template.Spec.Containers[0].Image != "example.com/web:2" {
		return fmt.Errorf("at the end: %v", last.Spec)
	}
	mine, err := appsapply.ExtractDeployment(last, "alice")
	if err != nil || mine.Spec.Replicas != nil || *mine.Spec.Template.Spec.Containers[0].Image != "example.com/web:2" {
		return fmt.Errorf("extracted: %v, %w", mine, err)
	}
	return nil
}
