//! The collector as its clients meet it: over a real port, with a real file of data.

mod cors;
mod process;
mod reading;
mod sites;
mod support;
mod widget_files;
mod writing;
