//! Copies of a SQLite database: taken while it serves, believed only after they were read, put back only where nothing
//! is. PostgreSQL has its own tools for this.
//!
//! SQLite finds pages that do not fit together, and not a byte of a text that has changed on some disk. So a backup has
//! its SHA-256 beside it, in a file that `sha256sum --check` reads.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    str::FromStr as _,
};

use sha2::{Digest as _, Sha256};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    auth::secret::hexadecimal,
    config::DatabaseConfig,
    error::{Error, Result},
};

/// What a checked copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The size of the file, in bytes.
    pub bytes: u64,
    /// How many orgs are in it.
    pub orgs: i64,
    /// How many invoices, drafts among them.
    pub invoices: i64,
}

/// Copies the database to a new file, as it stands at one moment, while others go on to read and to write. What is
/// committed after that moment is not in it. The copy is read from end to end before it gets its name.
///
/// # Errors
/// [`Error::Refused`] where there is no such database, it is one of PostgreSQL, the file is there already, or the copy is
/// damaged; [`Error::Unavailable`] where the disk or the database fails.
pub async fn backup(config: &DatabaseConfig, target: &Path) -> Result<Copied> {
    let source = file_of(config)?;
    if !source.exists() {
        return Err(Error::Refused("there is no database where DATABASE_URL says"));
    }
    if target.exists() {
        return Err(Error::Refused("there is a file of that name already, and a backup replaces none"));
    }
    let partial = Partial::beside(target)?;
    // A file that is there and empty is taken; it was made so that nobody else may read it.
    partial.create()?;
    let mut connection = reader(&source).connect().await?;
    let copy = sqlx::query("VACUUM INTO $1").bind(partial.text()?).execute(&mut connection).await;
    connection.close().await?;
    copy?;
    let copied = partial.checked().await?;
    let sum = sum_of(&partial.0)?;
    partial.finish(target)?;
    // The backup first: one without its sum can be restored, and a sum without its backup says nothing.
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let sums = Partial::beside(&sum_file(target))?;
    sums.create()?.write_all(format!("{sum}  {name}\n").as_bytes()).map_err(unavailable)?;
    sums.finish(&sum_file(target))?;
    Ok(copied)
}

/// Puts a copy in the place of a database that is not there. The copy is read from end to end first, and held against
/// its sum where that is beside it.
///
/// # Errors
/// As those of [`backup`], and [`Error::Refused`] where there is a database already.
pub async fn restore(source: &Path, config: &DatabaseConfig) -> Result<Copied> {
    let target = file_of(config)?;
    if !source.exists() {
        return Err(Error::Refused("there is no backup of that name"));
    }
    if ["", "-wal", "-shm"].iter().any(|ending| with_ending(&target, ending).exists()) {
        return Err(Error::Refused(
            "there is a database where DATABASE_URL says: stop Postern, move the file and its -wal and -shm away, \
             and restore again",
        ));
    }
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(unavailable)?;
    }
    let partial = Partial::beside(&target)?;
    let mut copy = partial.create()?;
    let mut backup = File::open(source).map_err(unavailable)?;
    io::copy(&mut backup, &mut copy).map_err(unavailable)?;
    if let Ok(sum) = fs::read_to_string(sum_file(source))
        && sum.split_whitespace().next() != Some(sum_of(&partial.0)?.as_str())
    {
        return Err(Error::Refused("the backup is damaged: it is not the file that its .sha256 was made of"));
    }
    let copied = partial.checked().await?;
    partial.finish(&target)?;
    Ok(copied)
}

/// Where the sum of a backup stands.
fn sum_file(backup: &Path) -> PathBuf {
    with_ending(backup, ".sha256")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// The SHA-256 of a file, in hexadecimal digits.
fn sum_of(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(unavailable)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut part).map_err(unavailable)?;
        if read == 0 {
            return Ok(hexadecimal(&hash.finalize()));
        }
        hash.update(part.get(..read).unwrap_or_default());
    }
}

/// The file of a SQLite database.
fn file_of(config: &DatabaseConfig) -> Result<PathBuf> {
    if !config.url.starts_with("sqlite:") {
        return Err(Error::Refused(
            "PostgreSQL is backed up by its own tools: see pg_dump and pg_restore in the README",
        ));
    }
    let options = SqliteConnectOptions::from_str(&config.url)?;
    Ok(options.get_filename().to_owned())
}

fn reader(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).read_only(true).create_if_missing(false)
}

fn unavailable(error: io::Error) -> Error {
    Error::Unavailable(error.into())
}

/// A file that is not finished; it goes when it is dropped before.
struct Partial(PathBuf);

impl Partial {
    fn beside(target: &Path) -> Result<Self> {
        target.file_name().ok_or(Error::Refused("that is no name for a file"))?;
        Ok(Self(with_ending(target, ".partial")))
    }

    fn text(&self) -> Result<&str> {
        self.0.to_str().ok_or(Error::Refused("the name of the file is not UTF-8"))
    }

    /// An empty file that nobody else may read: a backup holds everything.
    fn create(&self) -> Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.0).map_err(unavailable)
    }

    /// Sees the file to the disk and gives it its name.
    fn finish(self, target: &Path) -> Result<()> {
        File::open(&self.0).and_then(|file| file.sync_all()).map_err(unavailable)?;
        fs::rename(&self.0, target).map_err(unavailable)?;
        let folder =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(unavailable)
    }

    /// Reads it from end to end.
    async fn checked(&self) -> Result<Copied> {
        let mut connection: SqliteConnection = reader(&self.0).immutable(true).connect().await?;
        let checked = check(&mut connection).await;
        connection.close().await?;
        let (orgs, invoices) =
            checked.map_err(|_| Error::Refused("the copy is damaged, or is no database of Postern's"))?;
        let bytes = fs::metadata(&self.0).map_err(unavailable)?.len();
        Ok(Copied { bytes, orgs, invoices })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It is gone already where it got its name.
        let _ = fs::remove_file(&self.0);
    }
}

/// Reads every page and every key.
async fn check(connection: &mut SqliteConnection) -> Result<(i64, i64)> {
    let integrity: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await?;
    let stray = sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut *connection).await?;
    if integrity != "ok" || stray.is_some() {
        return Err(Error::bug(format!(
            "integrity: {integrity}; a foreign key points nowhere: {}",
            stray.is_some()
        )));
    }
    let orgs = sqlx::query_scalar("SELECT COUNT(*) FROM orgs").fetch_one(&mut *connection).await?;
    let invoices = sqlx::query_scalar("SELECT COUNT(*) FROM invoices").fetch_one(connection).await?;
    Ok((orgs, invoices))
}
