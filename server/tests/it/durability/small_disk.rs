//! A disk of a few megabytes, which can be filled: a file system in memory that nobody else sees. Needs no more than a
//! kernel that lets users have namespaces.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::server::is_root;

/// Mounts a file system of `$1` MB in `$0`, says so, and holds it until it is killed, as `$2` where that is somebody.
const HOLD: &str = "mount -t tmpfs -o mode=0777,size=\"$1\"m tmpfs \"$0\" && echo mounted && exec ${2:+setpriv \
    --reuid=\"$2\" --regid=\"$2\" --clear-groups} sleep infinity";

/// Whether one may mount a disk in a namespace of this kind; says what is not shown where one may not.
pub fn can_mount(namespace: &str, what: &str) -> bool {
    let done = Command::new("unshare").args([namespace, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status();
    let can = done.is_ok_and(|status| status.success());
    if !can {
        eprintln!(
            "NOT SHOWN HERE: this system lets nobody mount a small disk (user namespaces are off): {what}"
        );
    }
    can
}

/// Writes into a folder until its disk has no room for another byte.
pub fn fill(folder: &Path) {
    let mut filler = File::create(folder.join("filler")).unwrap();
    for size in [1 << 20, 4096, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Makes room again.
pub fn free(folder: &Path) {
    std::fs::remove_file(folder.join("filler")).unwrap();
}

/// One that others than its holder use, by the holder's view of the files.
pub struct SmallDisk {
    holder: Child,
    mounted_at: PathBuf,
}

impl SmallDisk {
    /// A disk over this folder that PostgreSQL's user may write to; `None` where nobody may mount one.
    pub fn for_postgres(folder: &Path, megabytes: u32, what: &str) -> Option<Self> {
        // Whoever is root in a namespace alone has no other user to be.
        let (namespace, owner) = if is_root() { ("-m", "postgres") } else { ("-rm", "") };
        if !can_mount(namespace, what) {
            return None;
        }
        let mut holder = Command::new("unshare")
            .args([namespace, "sh", "-c", HOLD])
            .arg(folder)
            .args([megabytes.to_string().as_str(), owner])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "mounted\n");
        // It becomes somebody else, and only then may they look at it.
        let becomes = format!("/proc/{}/comm", holder.id());
        while std::fs::read_to_string(&becomes).unwrap() != "sleep\n" {
            assert_eq!(holder.try_wait().unwrap(), None, "the disk is not held");
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(Self { holder, mounted_at: folder.to_owned() })
    }

    /// Where it is seen from here.
    pub fn folder(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.holder.id(), self.mounted_at.display()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
