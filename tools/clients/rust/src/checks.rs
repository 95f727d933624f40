//! What programs on kube-rs do with kinds that Kubernetes has, one function for each thing.
use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, Client, Error, ResourceExt, core};
use serde_json::json;

pub fn status_of<T: std::fmt::Debug>(answer: kube::Result<T>) -> Result<u16> {
    match answer {
        Err(Error::Api(status)) => Ok(status.code),
        other => bail!("not an answer of the API with an error: {other:?}"),
    }
}

fn config_map(name: &str, labels: &[(&str, &str)]) -> ConfigMap {
    let mut map = ConfigMap::default();
    map.metadata.name = Some(name.into());
    map.metadata.labels = Some(labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect());
    map.data = Some(BTreeMap::from([("a".into(), "1".into())]));
    map
}

fn data(map: &ConfigMap) -> Vec<(&str, &str)> {
    map.data.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

pub async fn list_in_pages(client: Client) -> Result<()> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    for number in 0..7 {
        let odd = (number % 2).to_string();
        maps.create(&PostParams::default(), &config_map(&format!("map-{number}"), &[("odd", &odd)])).await?;
    }
    let mut names = Vec::new();
    let mut parameters = ListParams::default().labels("odd").limit(3);
    loop {
        let page = maps.list(&parameters).await?;
        names.extend(page.items.iter().map(ResourceExt::name_any));
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => parameters = parameters.continue_token(&token),
            None => break,
        }
        let late = config_map(&format!("late-{}", names.len()), &[("odd", "late")]);
        maps.create(&PostParams::default(), &late).await?;
    }
    let wanted: Vec<String> = (0..7).map(|number| format!("map-{number}")).collect();
    ensure!(names == wanted, "{names:?}");
    let odd = maps.list_metadata(&ListParams::default().labels("odd in (1)")).await?;
    ensure!(odd.items.len() == 3, "{odd:?}");
    Ok(())
}

pub async fn write(client: Client) -> Result<()> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    let post = PostParams::default();
    let mut created = maps.create(&post, &config_map("one", &[])).await?;
    ensure!(created.uid().is_some(), "{created:?}");
    ensure!(status_of(maps.create(&post, &config_map("one", &[])).await)? == 409);
    let old = created.clone();
    created.data = Some(BTreeMap::from([("a".into(), "2".into())]));
    let replaced = maps.replace("one", &post, &created).await?;
    ensure!(data(&replaced) == [("a", "2")], "{replaced:?}");
    ensure!(status_of(maps.replace("one", &post, &old).await)? == 409);
    let patch = Patch::Merge(json!({"data": {"a": null, "b": "3"}}));
    let patched = maps.patch("one", &PatchParams::default(), &patch).await?;
    ensure!(data(&patched) == [("b", "3")], "{patched:?}");
    let patch = Patch::Strategic(json!({"data": {"c": "4"}}));
    let patched = maps.patch("one", &PatchParams::default(), &patch).await?;
    ensure!(data(&patched) == [("b", "3"), ("c", "4")], "{patched:?}");
    let right =
        DeleteParams::default().preconditions(kube::api::Preconditions { uid: old.uid(), resource_version: None });
    let answer = maps.delete("one", &right).await?;
    ensure!(answer.right().is_some_and(|status| status.is_success()));
    ensure!(status_of(maps.get("one").await)? == 404);
    ensure!(maps.get_opt("one").await?.is_none());
    Ok(())
}

pub async fn server_side_apply(client: Client) -> Result<()> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    let apply = async |manager: &str, data: serde_json::Value, force: bool| {
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": data});
        let parameters = PatchParams { force, ..PatchParams::apply(manager) };
        maps.patch("one", &parameters, &Patch::Apply(body)).await
    };
    apply("alice", json!({"a": "1", "b": "1"}), false).await?;
    ensure!(status_of(apply("bob", json!({"a": "2"}), false).await)? == 409);
    let forced = apply("bob", json!({"a": "2"}), true).await?;
    ensure!(data(&forced) == [("a", "2"), ("b", "1")], "{forced:?}");
    let last = apply("alice", json!({}), false).await?;
    ensure!(data(&last) == [("a", "2")], "{last:?}");
    Ok(())
}

pub async fn wait_for_a_condition(client: Client) -> Result<()> {
    let pods: Api<Pod> = Api::default_namespaced(client);
    let pod: Pod = serde_json::from_value(json!({"metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", "image": "example.com/web:1"}]}}))?;
    let uid = pods.create(&PostParams::default(), &pod).await?.uid().unwrap_or_default();
    let running = await_condition(pods.clone(), "web", conditions::is_pod_running());
    let start = async {
        let patch = Patch::Merge(json!({"status": {"phase": "Running"}}));
        pods.patch_status("web", &PatchParams::default(), &patch).await
    };
    let (seen, started) = tokio::join!(running, start);
    started?;
    ensure!(seen?.is_some());
    pods.delete("web", &DeleteParams::default().grace_period(0)).await?;
    await_condition(pods, "web", conditions::is_deleted(&uid)).await?;
    Ok(())
}

pub async fn watch_from_old_version(client: Client) -> Result<()> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let old = maps.create(&PostParams::default(), &config_map("one", &[])).await?;
    maps.create(&PostParams::default(), &config_map("two", &[])).await?;
    let compact = core::Request::new("/_fakeapi/v1/compact").create(&PostParams::default(), b"{}".to_vec())?;
    client.request_text(compact.map(Into::into)).await?;
    let version = old.resource_version().unwrap_or_default();
    let events: Vec<WatchEvent<ConfigMap>> =
        maps.watch(&WatchParams::default(), &version).await?.boxed().try_collect().await?;
    match events.as_slice() {
        [WatchEvent::Error(status)] if status.code == 410 && status.reason == "Expired" => Ok(()),
        other => bail!("{other:?}"),
    }
}
