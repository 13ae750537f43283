//! What was acknowledged is never lost, and what Postern stands on may go away and come back (rules O3 and O6): processes
//! that are killed, disks that are full or fail, databases and mail servers that are away. Real processes throughout.

mod away;
mod cuts;
mod disk;
mod fsync;
mod kills;
mod mail;
mod server;
mod small_disk;
mod stage;
mod tracer;
mod writer;

use crate::{
    gateway::{EVERYTHING, Program},
    harness::{Kind, Process, Proxy, TestApp},
    world::World,
};

/// A world in a database, and what it takes to ask a process that serves it.
pub struct Scene {
    pub app: TestApp,
    pub world: World,
    /// A token of the first org's owner that may do everything.
    pub token: String,
}

impl Scene {
    pub async fn set(kind: Kind) -> Self {
        Self::of(TestApp::start(kind).await).await
    }

    pub async fn of(app: TestApp) -> Self {
        let world = World::fill(&app).await;
        let token = Program::of_owner(&app, "alder", &EVERYTHING).await.token;
        Self { app, world, token }
    }

    /// A process over the same database, or over another address of it, with the same mail server.
    pub fn process(&self, database: &str) -> Process {
        Process::new(database, &[("SMTP_URL", &self.app.smtp.url())])
    }
}

/// Where the PostgreSQL of the tests listens.
fn postgres_address() -> std::net::SocketAddr {
    let url = url::Url::parse(&std::env::var("TEST_POSTGRES_URL").unwrap()).unwrap();
    url.socket_addrs(|| Some(5432)).unwrap()[0]
}

/// The same database by way of a proxy.
fn through(database: &str, proxy: &Proxy) -> String {
    let mut url = url::Url::parse(database).unwrap();
    url.set_host(Some(&proxy.address.ip().to_string())).unwrap();
    url.set_port(Some(proxy.address.port())).unwrap();
    url.to_string()
}
