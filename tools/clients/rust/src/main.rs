//! A program on kube-rs: `check NAME` does one thing with the API and exits with 0 when all of it
//! was right; `watch MODE` keeps a reflector's store and prints it at each change until its input
//! ends.
mod checks;
mod custom;
mod follow;

use anyhow::{Result, bail};
use kube::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, name] = arguments.as_slice() else { bail!("use: check NAME, or watch MODE") };
    let client = Client::try_default().await?;
    match (what.as_str(), name.as_str()) {
        ("watch", mode) => follow::follow(client, mode).await,
        (_, "list in pages") => checks::list_in_pages(client).await,
        (_, "create, replace, patch, delete") => checks::write(client).await,
        (_, "server-side apply") => checks::server_side_apply(client).await,
        (_, "wait for a condition") => checks::wait_for_a_condition(client).await,
        (_, "watch from a version that is old") => checks::watch_from_old_version(client).await,
        (_, "custom resource and discovery") => custom::custom_resource(client).await,
        _ => bail!("there is no check {name:?}"),
    }
}
