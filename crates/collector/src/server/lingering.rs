//! Closing a connection on which the client still sends makes the system reset it, and the client then loses the
//! answer that would have told it why (RFC 9112, section 9.6). Such a connection is kept for a moment, and what
//! comes is thrown away.

use super::shares::{HeldUnits, Member};
use super::silent::Ticket;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

/// How long a client may go on sending.
const LONGEST: Duration = Duration::from_secs(2);
/// How much of it is read.
const MOST_BYTES: u64 = 1024 * 1024;

/// A connection with the place that it holds; both stay for a moment after it is dropped.
#[derive(Debug)]
pub(super) struct Lingering {
    /// None when nobody has to be waited for any more.
    stream: Option<TcpStream>,
    place: Option<(HeldUnits, Member)>,
    ticket: Arc<Ticket>,
    /// The client has ended its side.
    at_end: bool,
}

impl Lingering {
    pub(super) fn new(
        stream: TcpStream,
        place: HeldUnits,
        member: Member,
        ticket: Arc<Ticket>,
    ) -> Self {
        Self { stream: Some(stream), place: Some((place, member)), ticket, at_end: false }
    }

    /// The stream, which is there until this is dropped.
    fn with<T>(
        &mut self,
        poll: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        let result = poll(Pin::new(stream));
        if matches!(result, Poll::Ready(Err(_))) {
            self.at_end = true;
        }
        result
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = self.with(|stream| stream.poll_read(context, buffer));
        if matches!(result, Poll::Ready(Ok(())))
            && buffer.filled().len() == before
            && buffer.remaining() > 0
        {
            self.at_end = true;
        }
        result
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = self.with(|stream| stream.poll_write(context, bytes));
        self.ticket.writes(result.is_pending());
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = self.with(|stream| stream.poll_write_vectored(context, slices));
        self.ticket.writes(result.is_pending());
        result
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(context))
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let (Some(mut stream), Ok(runtime)) = (self.stream.take(), Handle::try_current()) else {
            return;
        };
        // Who makes room for others does it at once.
        if self.at_end || self.ticket.is_over() {
            return;
        }
        let place = self.place.take();
        runtime.spawn(async move {
            let _held = place;
            let rest = async {
                stream.shutdown().await?;
                tokio::io::copy(&mut stream.take(MOST_BYTES), &mut tokio::io::sink()).await
            };
            let _ = tokio::time::timeout(LONGEST, rest).await;
        });
    }
}
