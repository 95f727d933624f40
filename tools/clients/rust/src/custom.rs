//! A kind that a CustomResourceDefinition brings, found by discovery.
use anyhow::{Result, ensure};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DynamicObject, ListParams, PostParams};
use kube::core::GroupVersionKind;
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, Client, discovery};
use serde_json::json;

use crate::checks::status_of;

pub async fn custom_resource(client: Client) -> Result<()> {
    let definition: CustomResourceDefinition = serde_json::from_value(json!({
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"spec": {"type": "object",
                    "properties": {"size": {"type": "integer", "maximum": 9}}}}}}}]}}))?;
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    definitions.create(&PostParams::default(), &definition).await?;
    await_condition(definitions, "widgets.example.com", conditions::is_crd_established()).await?;
    let kind = GroupVersionKind::gvk("example.com", "v1", "Widget");
    let (resource, capabilities) = discovery::pinned_kind(&client, &kind).await?;
    ensure!(resource.plural == "widgets", "{resource:?}");
    ensure!(capabilities.supports_operation(discovery::verbs::WATCH), "{capabilities:?}");
    let widgets: Api<DynamicObject> = Api::default_namespaced_with(client, &resource);
    let widget = |name: &str, size: u32| DynamicObject::new(name, &resource).data(json!({"spec": {"size": size}}));
    widgets.create(&PostParams::default(), &widget("one", 3)).await?;
    ensure!(status_of(widgets.create(&PostParams::default(), &widget("two", 10)).await)? == 422);
    let list = widgets.list(&ListParams::default()).await?;
    ensure!(list.items.len() == 1 && list.items[0].data["spec"]["size"] == 3, "{list:?}");
    Ok(())
}
