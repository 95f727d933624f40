package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func scaleAndStatus(ctx context.Context, config *rest.Config) error {
	config, sent := recordBodies(config)
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	deployments := clients.AppsV1().Deployments(namespace)
	created, err := deployments.Create(ctx, &apps.Deployment{ObjectMeta: named("web"),
		Spec: apps.DeploymentSpec{Selector: selector(), Template: podTemplate()}}, meta.CreateOptions{})
	if err != nil {
		return err
	}
	scale, err := deployments.GetScale(ctx, "web", meta.GetOptions{})
	if err != nil {
		return fmt.Errorf("get scale: %w", err)
	}
	if scale.Spec.Replicas != 1 || scale.Status.Selector != "app=web" {
		return fmt.Errorf("the scale is %v", scale)
	}
	scale.Spec = autoscaling.ScaleSpec{Replicas: 4}
	if _, err := deployments.UpdateScale(ctx, "web", scale, meta.UpdateOptions{}); err != nil {
		return fmt.Errorf("update scale: %w", err)
	}
	current, err := deployments.Get(ctx, "web", meta.GetOptions{})
	if err != nil {
		return err
	}
	if *current.Spec.Replicas != 4 || current.Generation != created.Generation+1 {
		return fmt.Errorf("replicas %d in generation %d after scale", *current.Spec.Replicas, current.Generation)
	}
	current.Status = apps.DeploymentStatus{ObservedGeneration: current.Generation, Replicas: 4, ReadyReplicas: 3}
	current.Spec.Replicas = pointer(int32(9)) // a write of the status leaves the spec alone
	updated, err := deployments.UpdateStatus(ctx, current, meta.UpdateOptions{})
	if err != nil {
		return fmt.Errorf("update status: %w", err)
	}
	if updated.Status.ReadyReplicas != 3 || *updated.Spec.Replicas != 4 || updated.Generation != created.Generation+1 {
		return fmt.Errorf("after the write of the status: %v", updated)
	}
	return sent.need("PUT " + protobuf)
}

func tokenAndAccessReviews(ctx context.Context, config *rest.Config) error {
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if _, err := clients.CoreV1().ServiceAccounts(namespace).Create(ctx, &core.ServiceAccount{ObjectMeta: named("shop")}, meta.CreateOptions{}); err != nil {
		return err
	}
	token, err := clients.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, "shop",
		&authentication.TokenRequest{Spec: authentication.TokenRequestSpec{ExpirationSeconds: pointer(int64(600))}}, meta.CreateOptions{})
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	if left := time.Until(token.Status.ExpirationTimestamp.Time); left < 500*time.Second || left > 700*time.Second {
		return fmt.Errorf("the token ends in %s", left)
	}
	review, err := clients.AuthenticationV1().TokenReviews().Create(ctx,
		&authentication.TokenReview{Spec: authentication.TokenReviewSpec{Token: token.Status.Token}}, meta.CreateOptions{})
	if err != nil || !review.Status.Authenticated || review.Status.User.Username != "system:serviceaccount:default:shop" {
		return fmt.Errorf("token review: %v, %w", review, err)
	}
	return asServiceAccount(ctx, config, token.Status.Token)
}

func asServiceAccount(ctx context.Context, config *rest.Config, token string) error {
	shop := rest.AnonymousClientConfig(config)
	shop.BearerToken = token
	clients, err := kubernetes.NewForConfig(shop)
	if err != nil {
		return err
	}
	who, err := clients.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authentication.SelfSubjectReview{}, meta.CreateOptions{})
	if err != nil || who.Status.UserInfo.Username != "system:serviceaccount:default:shop" {
		return fmt.Errorf("self subject review: %v, %w", who, err)
	}
	access, err := clients.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorization.SelfSubjectAccessReview{
		Spec: authorization.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorization.ResourceAttributes{
			Namespace: namespace, Verb: "list", Resource: "secrets"}}}, meta.CreateOptions{})
	if err != nil || access.Status.Allowed {
		return fmt.Errorf("self subject access review: %v, %w", access, err)
	}
	rules, err := clients.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorization.SelfSubjectRulesReview{
		Spec: authorization.SelfSubjectRulesReviewSpec{Namespace: namespace}}, meta.CreateOptions{})
	if err != nil || len(rules.Status.ResourceRules) == 0 {
		return fmt.Errorf("self subject rules review: %v, %w", rules, err)
	}
	if _, err := clients.CoreV1().Secrets(namespace).List(ctx, meta.ListOptions{}); !apierrors.IsForbidden(err) {
		return fmt.Errorf("a service account without rights got %v, not 403", err)
	}
	return nil
}

// configMaps makes some and returns the client.
func configMaps(ctx context.Context, config *rest.Config, count int) (*kubernetes.Clientset, error) {
	clients, err := kubernetes.NewForConfig(config)
	for number := 0; err == nil && number < count; number++ {
		_, err = clients.CoreV1().ConfigMaps(namespace).Create(ctx,
			&core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("map-%02d", number), Labels: map[string]string{"odd": fmt.Sprint(number % 2)}}},
			meta.CreateOptions{})
	}
	return clients, err
}

func deleteCollection(ctx context.Context, config *rest.Config) error {
	config, sent := recordBodies(config)
	clients, err := configMaps(ctx, config, 6)
	if err != nil {
		return err
	}
	maps := clients.CoreV1().ConfigMaps(namespace)
	if err := maps.DeleteCollection(ctx, meta.DeleteOptions{}, meta.ListOptions{LabelSelector: "odd=1"}); err != nil {
		return err
	}
	left, err := maps.List(ctx, meta.ListOptions{LabelSelector: "odd"})
	if err != nil || len(left.Items) != 3 {
		return fmt.Errorf("3 of 6 should be left: %v, %w", left, err)
	}
	return sent.need("DELETE " + protobuf)
}

func listInPages(ctx context.Context, config *rest.Config) error {
	clients, err := configMaps(ctx, config, 7)
	if err != nil {
		return err
	}
	maps := clients.CoreV1().ConfigMaps(namespace)
	options, names, version := meta.ListOptions{Limit: 3, LabelSelector: "odd"}, map[string]bool{}, ""
	for page := 0; ; page++ {
		list, err := maps.List(ctx, options)
		if err != nil {
			return err
		}
		if page > 0 && list.ResourceVersion != version {
			return fmt.Errorf("page %d is of version %s, the first of %s", page, list.ResourceVersion, version)
		}
		version = list.ResourceVersion
		for _, item := range list.Items {
			names[item.Name] = true
		}
		if options.Continue = list.Continue; options.Continue == "" {
			if len(names) != 7 || page != 2 {
				return fmt.Errorf("%d names on %d pages", len(names), page+1)
			}
			return nil
		}
		late := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("late-%d", page), Labels: map[string]string{"odd": ""}}}
		if _, err := maps.Create(ctx, late, meta.CreateOptions{}); err != nil {
			return err
		}
	}
}

func watchFromOldVersion(ctx context.Context, config *rest.Config) error {
	clients, err := configMaps(ctx, config, 2)
	if err != nil {
		return err
	}
	maps := clients.CoreV1().ConfigMaps(namespace)
	before, err := maps.Get(ctx, "map-00", meta.GetOptions{})
	if err != nil {
		return err
	}
	if err := clients.RESTClient().Post().AbsPath("/_fakeapi/v1/compact").SetHeader("Content-Type", "application/json").
		Body([]byte("{}")).Do(ctx).Error(); err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	stream, err := maps.Watch(ctx, meta.ListOptions{ResourceVersion: before.ResourceVersion})
	if err != nil {
		return fmt.Errorf("the watch must be accepted and then bring an error event: %w", err)
	}
	defer stream.Stop()
	event, open := <-stream.ResultChan()
	if !open || event.Type != watch.Error || !apierrors.IsResourceExpired(apierrors.FromObject(event.Object)) {
		return fmt.Errorf("it brought %v", event)
	}
	if event, open = <-stream.ResultChan(); open {
		return errors.New("the stream goes on after the error")
	}
	return nil
}
