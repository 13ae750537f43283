//! `strace` on a process that runs: it sees what the process asks of the kernel, and can make that fail.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Runs a tool of the system.
pub fn tool(name: &str, arguments: &[&str]) {
    let output =
        Command::new(name).args(arguments).output().unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Whether processes can be traced here.
pub fn can_trace() -> bool {
    Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|status| status.success())
}

/// One that is ready to be attached.
pub struct Tracer {
    process_id: u32,
    options: Vec<String>,
    child: Option<Child>,
}

impl Tracer {
    /// `None` where nobody may trace.
    pub fn prepare(process_id: u32, options: &[&str]) -> Option<Self> {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        can_trace().then_some(Self { process_id, options, child: None })
    }

    /// From now on all threads are traced.
    pub fn attach(&mut self) {
        let child = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-p", &self.process_id.to_string()])
            .args(&self.options)
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.unwrap());
        self.wait_until(true);
    }

    /// From now on none is.
    pub fn detach(&mut self) {
        if let Some(mut child) = self.child.take() {
            tool("kill", &["-INT", &child.id().to_string()]);
            child.wait().unwrap();
            self.wait_until(false);
        }
    }

    fn wait_until(&self, traced: bool) {
        let began = Instant::now();
        while !self.threads().iter().all(|is_traced| *is_traced == traced) {
            assert!(began.elapsed() < Duration::from_secs(20), "strace does not come to its end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether each thread is traced.
    fn threads(&self) -> Vec<bool> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.process_id)).unwrap();
        let status =
            threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("status")).ok());
        status.map(|status| !status.contains("TracerPid:\t0\n")).collect()
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
