//! `strace` on processes that run: it sees what they ask of the kernel, and can make that fail.

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

/// Whether what is started can be traced here; says what is not shown where it cannot.
pub fn can_trace(what: &str) -> bool {
    let done = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    told(done.is_ok_and(|status| status.success()), what)
}

/// Whether a process that runs can be traced here, which some systems let nobody do but its parents.
fn can_attach(what: &str) -> bool {
    let mut sleeper = Command::new("sleep").arg("60").spawn().unwrap();
    let tracer = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "-p", &sleeper.id().to_string()])
        .stderr(Stdio::null())
        .spawn();
    let can = tracer.is_ok_and(|mut tracer| {
        loop {
            if threads(sleeper.id()).iter().all(|is_traced| *is_traced) {
                tracer.kill().unwrap();
                tracer.wait().unwrap();
                return true;
            }
            if tracer.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    told(can, what)
}

fn told(can: bool, what: &str) -> bool {
    if !can {
        eprintln!("NOT SHOWN HERE: this system lets nobody trace another process: {what}");
    }
    can
}

/// One that is ready to be attached.
pub struct Tracer {
    processes: Vec<u32>,
    options: Vec<String>,
    child: Option<Child>,
}

impl Tracer {
    /// `None` where nobody may trace; then it says what is not shown. What is seen goes to a file.
    pub fn prepare(what: &str, processes: &[u32], file: &str, options: &[&str]) -> Option<Self> {
        let options = ["-o", file].iter().chain(options).map(|&option| option.to_owned()).collect();
        can_attach(what).then_some(Self { processes: processes.to_vec(), options, child: None })
    }

    /// From now on all threads are traced, and what they start.
    pub fn attach(&mut self) {
        let processes = self.processes.iter().flat_map(|process| ["-p".to_owned(), process.to_string()]);
        let child = Command::new("strace")
            .args(["-f", "-qq"])
            .args(&self.options)
            .args(processes)
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
        while !self
            .processes
            .iter()
            .flat_map(|process| threads(*process))
            .all(|is_traced| is_traced == traced)
        {
            assert!(began.elapsed() < Duration::from_secs(20), "strace does not come to its end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whether each thread of a process is traced; nothing of one that has ended.
fn threads(process: u32) -> Vec<bool> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let status = threads.into_iter().flatten();
    let status = status.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("status")).ok());
    status.map(|status| !status.contains("TracerPid:\t0\n")).collect()
}

impl Drop for Tracer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
