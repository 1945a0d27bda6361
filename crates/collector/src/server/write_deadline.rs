//! A client that asks and does not read its answer keeps a connection, and the memory of the answer. hyper has a
//! timeout for reading a head and none for writing, so that the stream itself has one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may take over [`LEAST_BYTES`] bytes of what waits for it.
const WINDOW: Duration = Duration::from_secs(15);
/// Bytes that a client has to read in each [`WINDOW`] while more wait: 0.5 kB/s, which the slowest mobile
/// networks reach.
const LEAST_BYTES: usize = 8 * 1024;

/// A stream whose writes fail once the other side takes too little of them.
#[derive(Debug)]
pub(super) struct WriteDeadline<S> {
    stream: S,
    /// Since something waits to be written.
    stall: Option<Stall>,
}

#[derive(Debug)]
struct Stall {
    /// Ends with the window.
    timer: Pin<Box<Sleep>>,
    /// Bytes that were taken in this window.
    taken: usize,
}

impl<S> WriteDeadline<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, stall: None }
    }

    /// What came of a write of so many bytes.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        length: usize,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(taken)) if taken < length => {
                if let Some(stall) = &mut self.stall {
                    stall.taken += taken;
                }
                Poll::Ready(Ok(taken))
            }
            Poll::Ready(result) => {
                self.stall = None;
                Poll::Ready(result)
            }
            Poll::Pending => self.wait(context),
        }
    }

    /// Waits for the end of the window, and for further ones as long as enough is taken.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let stall =
            self.stall.get_or_insert_with(|| Stall { timer: Box::pin(sleep(WINDOW)), taken: 0 });
        loop {
            ready!(stall.timer.as_mut().poll(context));
            if stall.taken < LEAST_BYTES {
                let reason = "the client does not read its answer";
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, reason)));
            }
            stall.taken = 0;
            stall.timer.as_mut().reset(Instant::now() + WINDOW);
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteDeadline<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, bytes.len(), written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = slices.iter().map(|slice| slice.len()).sum();
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, length, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteDeadline<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAST_BYTES, WINDOW, WriteDeadline};
    use std::io::ErrorKind;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{Instant, sleep};

    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_is_cut_off_after_one_window() {
        let (server, _client) = duplex(1_024);
        let begun = Instant::now();
        let written = WriteDeadline::new(server).write_all(&[7; 4_096]).await;
        assert_eq!(written.expect_err("nobody reads").kind(), ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), WINDOW.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_a_byte_at_a_time_is_cut_off_too() {
        let (server, mut client) = duplex(1_024);
        tokio::spawn(async move {
            while client.read_u8().await.is_ok() {
                sleep(WINDOW / 100).await;
            }
        });
        let written = WriteDeadline::new(server).write_all(&[7; 4 * LEAST_BYTES]).await;
        assert_eq!(written.expect_err("it reads too little").kind(), ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_is_waited_for() {
        let (server, mut client) = duplex(1_024);
        let reading = tokio::spawn(async move {
            let mut read = 0;
            let mut buffer = [0; 1_024];
            while let Ok(length @ 1..) = client.read(&mut buffer).await {
                read += length;
                sleep(WINDOW / 10).await;
            }
            read
        });
        let mut server = WriteDeadline::new(server);
        server.write_all(&[7; 10 * LEAST_BYTES]).await.expect("it is read");
        drop(server);
        assert_eq!(reading.await.expect("it ends"), 10 * LEAST_BYTES);
    }
}
