package main

import (
	"context"
	"fmt"
	"time"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	events "k8s.io/api/events/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func pointer[T any](value T) *T { return &value }

func named(name string) meta.ObjectMeta {
	return meta.ObjectMeta{Name: name, Labels: map[string]string{"app": "web"}, Annotations: map[string]string{"note": "é ✓"}}
}

// podTemplate has each kind of field that is written in another shape in protobuf than in JSON: what
// Go embeds (probe handlers, volume sources, references) is a message of its own there.
func podTemplate() core.PodTemplateSpec {
	local := core.LocalObjectReference{Name: "one"}
	return core.PodTemplateSpec{
		ObjectMeta: meta.ObjectMeta{Labels: map[string]string{"app": "web"}},
		Spec: core.PodSpec{
			Containers: []core.Container{{
				Name: "web", Image: "example.com/web:1",
				Ports: []core.ContainerPort{{Name: "http", ContainerPort: 8080}},
				Env: []core.EnvVar{{Name: "A", Value: "1"},
					{Name: "B", ValueFrom: &core.EnvVarSource{ConfigMapKeyRef: &core.ConfigMapKeySelector{LocalObjectReference: local, Key: "k"}}},
					{Name: "C", ValueFrom: &core.EnvVarSource{SecretKeyRef: &core.SecretKeySelector{LocalObjectReference: local, Key: "k"}}},
					{Name: "D", ValueFrom: &core.EnvVarSource{FieldRef: &core.ObjectFieldSelector{FieldPath: "metadata.name"}}}},
				EnvFrom: []core.EnvFromSource{{ConfigMapRef: &core.ConfigMapEnvSource{LocalObjectReference: local}},
					{SecretRef: &core.SecretEnvSource{LocalObjectReference: local}}},
				VolumeMounts: []core.VolumeMount{{Name: "config", MountPath: "/config"}, {Name: "all", MountPath: "/all", ReadOnly: true}},
				Resources:    core.ResourceRequirements{Requests: core.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("64Mi")}},
				ReadinessProbe: &core.Probe{
					ProbeHandler:  core.ProbeHandler{HTTPGet: &core.HTTPGetAction{Path: "/ready", Port: intstr.FromString("http")}},
					PeriodSeconds: 5},
			}},
			Volumes: []core.Volume{
				{Name: "config", VolumeSource: core.VolumeSource{ConfigMap: &core.ConfigMapVolumeSource{LocalObjectReference: local}}},
				{Name: "all", VolumeSource: core.VolumeSource{Projected: &core.ProjectedVolumeSource{Sources: []core.VolumeProjection{
					{ConfigMap: &core.ConfigMapProjection{LocalObjectReference: local}},
					{Secret: &core.SecretProjection{LocalObjectReference: local}}}}}},
				{Name: "scratch", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{SizeLimit: pointer(resource.MustParse("1Gi"))}}}},
			Tolerations: []core.Toleration{{Key: "k", Operator: core.TolerationOpExists, TolerationSeconds: pointer(int64(30))}},
		},
	}
}

func selector() *meta.LabelSelector {
	return &meta.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
}

// kinds has for each kind a typical object and one change to it, written through the typed client.
func kinds() map[string]check {
	type clientset = *kubernetes.Clientset
	all := map[string]check{}
	all["ConfigMap"] = typed(func(c clientset) writer[*core.ConfigMap] { return c.CoreV1().ConfigMaps(namespace) },
		func() *core.ConfigMap {
			return &core.ConfigMap{ObjectMeta: named("one"), Data: map[string]string{"a": "1"}, BinaryData: map[string][]byte{"b": {0, 255}}}
		},
		func(o *core.ConfigMap) { o.Data["a"] = "2" })
	all["Secret"] = typed(func(c clientset) writer[*core.Secret] { return c.CoreV1().Secrets(namespace) },
		func() *core.Secret {
			return &core.Secret{ObjectMeta: named("one"), Data: map[string][]byte{"password": []byte("x")}}
		},
		func(o *core.Secret) { o.Data["password"] = []byte("y") })
	all["Namespace"] = typed(func(c clientset) writer[*core.Namespace] { return c.CoreV1().Namespaces() },
		func() *core.Namespace { return &core.Namespace{ObjectMeta: named("one")} },
		func(o *core.Namespace) { o.Labels["more"] = "yes" })
	all["Node"] = typed(func(c clientset) writer[*core.Node] { return c.CoreV1().Nodes() },
		func() *core.Node {
			return &core.Node{ObjectMeta: named("one"), Spec: core.NodeSpec{PodCIDR: "10.20.0.0/24", PodCIDRs: []string{"10.20.0.0/24"}}}
		},
		func(o *core.Node) {
			o.Spec.Taints = []core.Taint{{Key: "k", Value: "v", Effect: core.TaintEffectNoSchedule}}
		})
	all["Pod"] = typed(func(c clientset) writer[*core.Pod] { return c.CoreV1().Pods(namespace) },
		func() *core.Pod { return &core.Pod{ObjectMeta: named("one"), Spec: podTemplate().Spec} },
		func(o *core.Pod) { o.Spec.Containers[0].Image = "example.com/web:2" })
	all["Service"] = typed(func(c clientset) writer[*core.Service] { return c.CoreV1().Services(namespace) },
		func() *core.Service {
			return &core.Service{ObjectMeta: named("one"), Spec: core.ServiceSpec{Selector: map[string]string{"app": "web"},
				Ports: []core.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}}}}
		},
		func(o *core.Service) { o.Spec.Ports[0].TargetPort = intstr.FromString("http") })
	all["ServiceAccount"] = typed(func(c clientset) writer[*core.ServiceAccount] { return c.CoreV1().ServiceAccounts(namespace) },
		func() *core.ServiceAccount { return &core.ServiceAccount{ObjectMeta: named("one")} },
		func(o *core.ServiceAccount) { o.AutomountServiceAccountToken = pointer(false) })
	all["Endpoints"] = typed(func(c clientset) writer[*core.Endpoints] { return c.CoreV1().Endpoints(namespace) },
		func() *core.Endpoints {
			return &core.Endpoints{ObjectMeta: named("one"), Subsets: []core.EndpointSubset{{
				Addresses: []core.EndpointAddress{{IP: "10.20.0.1", NodeName: pointer("n")}}, Ports: []core.EndpointPort{{Name: "http", Port: 80}}}}}
		},
		func(o *core.Endpoints) { o.Subsets[0].Addresses[0].IP = "10.20.0.2" })
	all["Event"] = typed(func(c clientset) writer[*core.Event] { return c.CoreV1().Events(namespace) },
		func() *core.Event {
			return &core.Event{ObjectMeta: named("one"), Reason: "Started", Message: "it started", Type: "Normal", Count: 1,
				InvolvedObject: core.ObjectReference{Kind: "Pod", Namespace: namespace, Name: "web"},
				FirstTimestamp: meta.NewTime(time.Unix(1700000000, 0)), LastTimestamp: meta.NewTime(time.Unix(1700000000, 0))}
		},
		func(o *core.Event) { o.Count = 2 })
	all["Event of events.k8s.io"] = typed(func(c clientset) writer[*events.Event] { return c.EventsV1().Events(namespace) },
		func() *events.Event {
			return &events.Event{ObjectMeta: named("one"), Reason: "Started", Note: "it started", Type: "Normal", Action: "Starting",
				ReportingController: "example.com/web", ReportingInstance: "web-1", EventTime: meta.NewMicroTime(time.Unix(1700000000, 123456000)),
				Regarding: core.ObjectReference{Kind: "Pod", Namespace: namespace, Name: "web"}}
		},
		func(o *events.Event) {
			o.Series = &events.EventSeries{Count: 2, LastObservedTime: meta.NewMicroTime(time.Unix(1700000001, 0))}
		})
	all["EndpointSlice"] = typed(func(c clientset) writer[*discovery.EndpointSlice] { return c.DiscoveryV1().EndpointSlices(namespace) },
		func() *discovery.EndpointSlice {
			return &discovery.EndpointSlice{ObjectMeta: named("one"), AddressType: discovery.AddressTypeIPv4,
				Endpoints: []discovery.Endpoint{{Addresses: []string{"10.20.0.1"}, Conditions: discovery.EndpointConditions{Ready: pointer(true)}}},
				Ports:     []discovery.EndpointPort{{Name: pointer("http"), Port: pointer(int32(80))}}}
		},
		func(o *discovery.EndpointSlice) { o.Endpoints[0].Conditions.Ready = pointer(false) })
	all["Lease"] = typed(func(c clientset) writer[*coordination.Lease] { return c.CoordinationV1().Leases(namespace) },
		func() *coordination.Lease {
			return &coordination.Lease{ObjectMeta: named("one"), Spec: coordination.LeaseSpec{HolderIdentity: pointer("a"),
				LeaseDurationSeconds: pointer(int32(15)), RenewTime: pointer(meta.NewMicroTime(time.Unix(1700000000, 123456000)))}}
		},
		func(o *coordination.Lease) {
			o.Spec.RenewTime = pointer(meta.NewMicroTime(time.Unix(1700000001, 1000)))
		})
	workloads(all)
	access(all)
	return all
}

func workloads(all map[string]check) {
	type clientset = *kubernetes.Clientset
	all["Deployment"] = typed(func(c clientset) writer[*apps.Deployment] { return c.AppsV1().Deployments(namespace) },
		func() *apps.Deployment {
			return &apps.Deployment{ObjectMeta: named("one"), Spec: apps.DeploymentSpec{Selector: selector(), Template: podTemplate()}}
		},
		func(o *apps.Deployment) { o.Spec.Replicas = pointer(int32(3)) })
	all["ReplicaSet"] = typed(func(c clientset) writer[*apps.ReplicaSet] { return c.AppsV1().ReplicaSets(namespace) },
		func() *apps.ReplicaSet {
			return &apps.ReplicaSet{ObjectMeta: named("one"), Spec: apps.ReplicaSetSpec{Selector: selector(), Template: podTemplate()}}
		},
		func(o *apps.ReplicaSet) { o.Spec.Replicas = pointer(int32(0)) })
	all["StatefulSet"] = typed(func(c clientset) writer[*apps.StatefulSet] { return c.AppsV1().StatefulSets(namespace) },
		func() *apps.StatefulSet {
			return &apps.StatefulSet{ObjectMeta: named("one"), Spec: apps.StatefulSetSpec{ServiceName: "web", Selector: selector(), Template: podTemplate()}}
		},
		func(o *apps.StatefulSet) { o.Spec.Replicas = pointer(int32(3)) })
	all["DaemonSet"] = typed(func(c clientset) writer[*apps.DaemonSet] { return c.AppsV1().DaemonSets(namespace) },
		func() *apps.DaemonSet {
			return &apps.DaemonSet{ObjectMeta: named("one"), Spec: apps.DaemonSetSpec{Selector: selector(), Template: podTemplate()}}
		},
		func(o *apps.DaemonSet) { o.Spec.MinReadySeconds = 5 })
	all["Job"] = typed(func(c clientset) writer[*batch.Job] { return c.BatchV1().Jobs(namespace) },
		func() *batch.Job {
			template := podTemplate()
			template.Spec.RestartPolicy = core.RestartPolicyNever
			return &batch.Job{ObjectMeta: named("one"), Spec: batch.JobSpec{Template: template, BackoffLimit: pointer(int32(2))}}
		},
		func(o *batch.Job) { o.Spec.Parallelism = pointer(int32(2)) })
}

func access(all map[string]check) {
	type clientset = *kubernetes.Clientset
	rules := []rbac.PolicyRule{{APIGroups: []string{"discovery.k8s.io"}, Resources: []string{"endpointslices"}, Verbs: []string{"list", "watch"}}}
	subjects := []rbac.Subject{{Kind: "ServiceAccount", Name: "shop", Namespace: namespace}}
	all["Role"] = typed(func(c clientset) writer[*rbac.Role] { return c.RbacV1().Roles(namespace) },
		func() *rbac.Role { return &rbac.Role{ObjectMeta: named("one"), Rules: rules} },
		func(o *rbac.Role) { o.Rules[0].Verbs = []string{"get"} })
	all["RoleBinding"] = typed(func(c clientset) writer[*rbac.RoleBinding] { return c.RbacV1().RoleBindings(namespace) },
		func() *rbac.RoleBinding {
			return &rbac.RoleBinding{ObjectMeta: named("one"), Subjects: subjects, RoleRef: rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "Role", Name: "one"}}
		},
		func(o *rbac.RoleBinding) { o.Subjects[0].Name = "other" })
	all["ClusterRole"] = typed(func(c clientset) writer[*rbac.ClusterRole] { return c.RbacV1().ClusterRoles() },
		func() *rbac.ClusterRole { return &rbac.ClusterRole{ObjectMeta: named("one"), Rules: rules} },
		func(o *rbac.ClusterRole) { o.Rules[0].Verbs = []string{"get"} })
	all["ClusterRoleBinding"] = typed(func(c clientset) writer[*rbac.ClusterRoleBinding] { return c.RbacV1().ClusterRoleBindings() },
		func() *rbac.ClusterRoleBinding {
			return &rbac.ClusterRoleBinding{ObjectMeta: named("one"), Subjects: subjects, RoleRef: rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: "one"}}
		},
		func(o *rbac.ClusterRoleBinding) { o.Subjects[0].Name = "other" })
}

// typed makes the check of one kind, see exercise.
func typed[T object](client func(*kubernetes.Clientset) writer[T], make func() T, change func(T)) check {
	return func(ctx context.Context, config *rest.Config) error {
		recorded, sent := recordBodies(config)
		clients, err := kubernetes.NewForConfig(recorded)
		if err != nil {
			return err
		}
		if err := exercise(ctx, client(clients), make, change); err != nil {
			return err
		}
		if err := sent.need("POST "+protobuf, "PUT "+protobuf, "DELETE "+protobuf); err != nil {
			return fmt.Errorf("client-go: %w", err)
		}
		return nil
	}
}
