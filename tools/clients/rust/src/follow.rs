//! A cache of EndpointSlices by kube's watcher and reflector, in both of its modes.
use std::io::Write;

use anyhow::{Result, bail};
use futures::StreamExt;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::runtime::{WatchStreamExt, reflector, watcher};
use kube::{Api, Client, ResourceExt};
use tokio::io::AsyncReadExt;

pub async fn follow(client: Client, mode: &str) -> Result<()> {
    let config = match mode {
        "listwatch" => watcher::Config::default(),
        "streaminglist" => watcher::Config::default().streaming_lists(),
        _ => bail!("there is no mode {mode:?}"),
    };
    let slices: Api<EndpointSlice> = Api::default_namespaced(client);
    let (store, writer) = reflector::store();
    let stream = watcher(slices, config).default_backoff().reflect(writer);
    let watching = stream.for_each(|event| {
        match event {
            Ok(_) => show(&store),
            Err(error) => eprintln!("watcher: {error}"),
        }
        futures::future::ready(())
    });
    let (mut input, mut ignored) = (tokio::io::stdin(), Vec::new());
    tokio::select! {
        () = watching => bail!("the watcher ended"),
        _ = input.read_to_end(&mut ignored) => std::process::exit(0),
    }
}

fn show(store: &reflector::Store<EndpointSlice>) {
    let view: serde_json::Map<String, serde_json::Value> = store
        .state()
        .iter()
        .map(|slice| {
            let addresses = slice.endpoints.iter().flatten().flat_map(|one| one.addresses.clone());
            let words = std::iter::once(slice.resource_version().unwrap_or_default()).chain(addresses);
            (slice.name_any(), words.collect::<Vec<_>>().join(" ").into())
        })
        .collect();
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{{\"view\":{}}}", serde_json::Value::Object(view));
    let _ = out.flush();
}
