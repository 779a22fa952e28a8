//! Buffers for the answers of other servers: sizes that nginx compares with one another
//! (`ngx_http_proxy_merge_loc_conf`, and the same for FastCGI, SCGI and uwsgi). Measured: nginx
//! 1.22.1.
//!
//! A block has its own values, or those of the enclosing block, even if these come later. So every
//! block is kept with the number of the enclosing one, and all are judged at the end.

use super::super::Settings;
use super::TEST;
use super::zones::size_of;
use std::collections::HashSet;

const FAMILIES: &[&str] = &["fastcgi", "proxy", "scgi", "uwsgi"];

/// `ngx_pagesize`, the unit of the defaults.
const PAGE: u64 = 4096;

/// What one block says about one family, each with its line.
#[derive(Clone, Copy, Debug, Default)]
struct Sizes {
    /// `buffer_size`.
    first: Option<(u64, usize)>,
    /// `buffers`: their number, and the size of each.
    buffers: Option<((u64, u64), usize)>,
    /// `busy_buffers_size`.
    busy: Option<(u64, usize)>,
    /// `temp_file_write_size`.
    write: Option<(u64, usize)>,
    /// `max_temp_file_size`.
    most: Option<(u64, usize)>,
}

#[derive(Debug)]
struct Block {
    around: Option<usize>,
    /// Whether nginx checks it: it checks `server` and `location`, not `http`.
    judged: bool,
    own: Vec<(&'static str, Sizes)>,
}

/// The blocks of `http`.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    blocks: Vec<Block>,
    /// Those that are open; `None` for one that does not hand these values down.
    open: Vec<Option<usize>>,
}

impl Buffers {
    /// A block of this kind begins.
    pub(super) fn open(&mut self, context: &str) {
        let counts = matches!(context, "http" | "server" | "location" | "location-if");
        let around = self.open.iter().rev().copied().flatten().next();
        let place = counts.then_some(self.blocks.len());
        if counts {
            self.blocks.push(Block {
                around,
                judged: context != "http",
                own: Vec::new(),
            });
        }
        self.open.push(place);
    }

    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    pub(super) fn directive(&mut self, name: &str, arguments: &[String], line: usize) {
        let Some((family, setting)) = name.split_once('_') else {
            return;
        };
        let family = FAMILIES.iter().find(|known| **known == family);
        let place = self.open.last().copied().flatten();
        let block = place.and_then(|place| self.blocks.get_mut(place));
        let (Some(family), Some(block)) = (family, block) else {
            return;
        };
        let size = |place: usize| arguments.get(place).and_then(|size| size_of(size));
        let (Some(value), second) = (size(0), size(1)) else {
            return;
        };
        let mut sizes = match block.own.iter().position(|(known, _)| known == family) {
            Some(at) => block.own.swap_remove(at).1,
            None => Sizes::default(),
        };
        let placed = Some((value, line));
        match setting {
            "buffer_size" => sizes.first = placed,
            "buffers" => sizes.buffers = second.map(|second| ((value, second), line)),
            "busy_buffers_size" => sizes.busy = placed,
            "temp_file_write_size" => sizes.write = placed,
            "max_temp_file_size" => sizes.most = placed,
            _ => {}
        }
        block.own.push((family, sizes));
    }

    /// What nginx refuses when all blocks are known.
    pub(super) fn judge(&self, settings: &mut Settings) {
        let mut said = HashSet::new();
        for block in self.blocks.iter().filter(|block| block.judged) {
            for family in FAMILIES {
                let Some((setting, message, line)) = self.refused(block, family) else {
                    continue;
                };
                let setting = format!("{family}_{setting}");
                if said.insert((setting.clone(), line)) {
                    settings.refuse_at(&setting, &message.replace('%', family), TEST, line);
                }
            }
        }
    }

    /// The setting, nginx's message with `%` for the family, and the line.
    fn refused(&self, block: &Block, family: &str) -> Option<(&'static str, &'static str, usize)> {
        let mut sizes = Sizes::default();
        let mut next = Some(block);
        while let Some(block) = next {
            if let Some((_, own)) = block.own.iter().find(|(known, _)| *known == family) {
                sizes = Sizes {
                    first: sizes.first.or(own.first),
                    buffers: sizes.buffers.or(own.buffers),
                    busy: sizes.busy.or(own.busy),
                    write: sizes.write.or(own.write),
                    most: sizes.most.or(own.most),
                };
            }
            next = block.around.and_then(|around| self.blocks.get(around));
        }
        let (first, first_line) = sizes.first.unwrap_or((PAGE, 0));
        let ((number, each), buffers_line) = sizes.buffers.unwrap_or(((8, PAGE), 0));
        let size = first.max(each);
        let line = if first_line > 0 {
            first_line
        } else {
            buffers_line
        };
        let (busy, busy_line) = sizes.busy.unwrap_or((size.saturating_mul(2), line));
        let all_but_one = number.saturating_sub(1).saturating_mul(each);
        let small = |value: Option<(u64, usize)>| value.filter(|(value, _)| *value < size);
        if busy < size {
            return Some((
                "busy_buffers_size",
                "\"%_busy_buffers_size\" must be equal to or greater than the maximum of the value of \"%_buffer_size\" and one of the \"%_buffers\"",
                busy_line,
            ));
        }
        if busy > all_but_one && busy_line > 0 {
            return Some((
                "busy_buffers_size",
                "\"%_busy_buffers_size\" must be less than the size of all \"%_buffers\" minus one buffer",
                busy_line,
            ));
        }
        if let Some((_, line)) = small(sizes.write) {
            return Some((
                "temp_file_write_size",
                "\"%_temp_file_write_size\" must be equal to or greater than the maximum of the value of \"%_buffer_size\" and one of the \"%_buffers\"",
                line,
            ));
        }
        let (_, line) = small(sizes.most.filter(|(most, _)| *most != 0))?;
        Some((
            "max_temp_file_size",
            "\"%_max_temp_file_size\" must be equal to zero to disable temporary files usage or must be equal to or greater than the maximum of the value of \"%_buffer_size\" and one of the \"%_buffers\"",
            line,
        ))
    }
}
