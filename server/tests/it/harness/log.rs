//! What the application logs, kept for the test that wants to read it. A test runs on one thread, so
//! each reads its own.

use std::{
    cell::{Cell, RefCell},
    io::Write,
    sync::Once,
};

use tracing_subscriber::{Layer as _, filter::dynamic_filter_fn, fmt, prelude::*};

thread_local! {
    static WANTED: Cell<bool> = const { Cell::new(false) };
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Keep;

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps what this thread logs from now on, everything down to debug.
pub fn keep() {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let wanted =
            dynamic_filter_fn(|metadata, _| *metadata.level() <= tracing::Level::DEBUG && WANTED.get());
        tracing_subscriber::registry()
            .with(fmt::layer().json().with_writer(|| Keep).with_filter(wanted))
            .init();
    });
    WANTED.set(true);
}

/// What has been kept.
pub fn kept() -> String {
    LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap())
}

/// What has been kept, which is then forgotten.
pub fn take() -> String {
    LOG.with_borrow_mut(|log| String::from_utf8(std::mem::take(log)).unwrap())
}
