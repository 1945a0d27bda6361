//! The collector as its clients meet it: over a real port, with a real database.

mod access;
mod connections;
mod container;
mod cors;
mod counting;
mod document;
mod exporting;
mod faults;
mod health;
mod hosted;
mod killing;
mod limits;
mod logins;
mod migrating;
mod operating;
mod private_files;
mod process;
mod reading;
mod secrets;
mod sites;
mod summary;
mod support;
mod syncing;
mod widget_files;
mod writing;
