//! What stands between a process and what it needs: it can refuse, fall silent, and cut.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// As if it were not there.
    Passes,
    /// Nobody listens, and what stood is closed.
    Refuses,
    /// Whoever connects is taken and hears nothing, and so does whoever stood; what has once fallen silent stays so.
    Hangs,
}

/// A proxy of TCP.
pub struct Proxy {
    pub address: SocketAddr,
    line: watch::Sender<(Line, u32)>,
}

impl Proxy {
    /// One to this address.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (line, seen) = watch::channel((Line::Passes, 0));
        tokio::spawn(listen(listener, address, target, seen));
        Self { address, line }
    }

    /// From now on it behaves like this.
    pub fn set(&self, line: Line) {
        self.line.send_modify(|state| state.0 = line);
    }

    /// Closes all that stands.
    pub fn cut(&self) {
        self.line.send_modify(|state| state.1 += 1);
    }
}

async fn listen(
    listener: TcpListener,
    address: SocketAddr,
    target: SocketAddr,
    mut line: watch::Receiver<(Line, u32)>,
) -> Option<()> {
    let mut listener = Some(listener);
    loop {
        let now = line.borrow_and_update().0;
        if now == Line::Refuses {
            listener = None;
        } else if listener.is_none() {
            listener = Some(TcpListener::bind(address).await.unwrap());
        }
        let Some(open) = &listener else {
            line.changed().await.ok()?;
            continue;
        };
        tokio::select! {
            changed = line.changed() => changed.ok()?,
            accepted = open.accept() => {
                let (stream, _) = accepted.ok()?;
                tokio::spawn(pass(stream, target, line.clone()));
            }
        }
    }
}

async fn pass(mut here: TcpStream, target: SocketAddr, mut line: watch::Receiver<(Line, u32)>) -> Option<()> {
    let (now, cuts) = *line.borrow_and_update();
    let is_cut = |&(line, count): &(Line, u32)| count != cuts || line == Line::Refuses;
    if now == Line::Hangs {
        line.wait_for(is_cut).await.ok()?;
        return None;
    }
    let mut there = TcpStream::connect(target).await.ok()?;
    let _ = (here.set_nodelay(true), there.set_nodelay(true));
    tokio::select! {
        _ = copy_bidirectional(&mut here, &mut there) => return None,
        seen = line.wait_for(|state| state.0 == Line::Hangs || is_cut(state)) => drop(seen.ok()?),
    }
    // Closed at once, or held until somebody cuts.
    line.wait_for(is_cut).await.ok()?;
    None
}
