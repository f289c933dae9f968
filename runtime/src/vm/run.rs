//! The dispatch loop.
//!
//! `run` executes frames until the one it was entered with is left. Calls of
//! bytecode functions, returns and generators only change the registers (`ip`, `sp`,
//! `fp`, `hdr`, see `frame`); Rust recursion happens only through built-ins that call
//! back. Code was verified when it was loaded, so the loop reads operands, slots and
//! tables unchecked. What is not frequent lives in `slow`, `call` and `unwind`.
//!
//! `ip` is behind the operands when a handler runs, `sp` is the next free slot.

use mpy_format::op;

use super::Vm;
use super::call::Called;
use super::enter::Call;
use super::frame::*;
use super::function::{CellObj, Function, SIMPLE};
use super::generator::Generator;
use super::regs::*;
use super::small;
use crate::error::{Raised, Res};
use crate::level;
use crate::object::List;
use crate::ops::{BinaryOp, UnaryOp};
use crate::value::Value;

impl Vm {
    /// See [`Vm::run`].
    ///
    /// # Safety
    /// As there.
    pub(super) unsafe fn run_loop<const COUNT: bool>(
        &self,
        regs: Regs,
        pending: Option<Raised>,
    ) -> Res<Outcome> {
        let Regs { mut ip, mut sp, mut fp, mut hdr } = regs;
        let mut pending = pending;

        macro_rules! push {
            ($v:expr) => {{
                let w: Slot = $v.word();
                *sp = w;
                sp = sp.add(1);
            }};
        }
        macro_rules! pop {
            () => {{
                sp = sp.sub(1);
                value(*sp)
            }};
        }
        macro_rules! top {
            () => {
                value(*sp.sub(1))
            };
        }
        macro_rules! set_top {
            ($v:expr) => {{
                let w: Slot = $v.word();
                *sp.sub(1) = w;
            }};
        }
        macro_rules! regs {
            () => {
                Regs { ip, sp, fp, hdr }
            };
        }
        macro_rules! load {
            ($r:expr) => {{
                let r: Regs = $r;
                ip = r.ip;
                sp = r.sp;
                fp = r.fp;
                hdr = r.hdr;
            }};
        }

        loop {
            // SAFETY: the verifier's guarantees (see mpy-format) and the frame layout.
            let raised: Raised = 'raise: {
                if let Some(r) = pending.take() {
                    break 'raise r;
                }
                macro_rules! ok {
                    ($e:expr) => {
                        match $e {
                            Ok(v) => v,
                            Err(r) => break 'raise r,
                        }
                    };
                }
                macro_rules! left {
                    ($e:expr) => {
                        match $e {
                            Left::Go(r) => load!(r),
                            Left::Exit(outcome) => return Ok(outcome),
                            Left::Raise(r, raised) => {
                                load!(r);
                                break 'raise raised;
                            }
                        }
                    };
                }
                // Begins the frame of `fun`, whose `n` first locals lie at `args`.
                macro_rules! enter {
                    ($fun:expr, $args:expr, $n:expr, $result:expr, $kind:expr, $extra:expr) => {{
                        let call = Call { args: $args, n: $n, kind: $kind, extra: $extra };
                        load!(ok!(match level::FAST_PATHS {
                            true => self.enter_frame(regs!(), $fun, call, $result),
                            false => self.enter_frame_far(regs!(), $fun, call, $result),
                        }));
                    }};
                }
                // Calls `f` with arguments on the stack from `args` to `sp`.
                macro_rules! call {
                    ($f:expr, $args:expr, $n_pos:expr, $n_kw:expr, $result:expr) => {{
                        let f: Value = $f;
                        let args: *mut Slot = $args;
                        let n: usize = $n_pos;
                        let result: *mut Slot = $result;
                        if level::FAST_PATHS
                            && $n_kw == 0
                            && let Some(fun) = f.cast::<Function>()
                            && fun.raw().flags & SIMPLE != 0
                            && fun.raw().n_pos as usize == n
                        {
                            ok!(self.poll());
                            enter!(fun, args, n, result, 0, core::ptr::null_mut());
                        } else {
                            match ok!(self.call_slow(f, args, n, $n_kw)) {
                                Called::Value(v) => {
                                    *result = v.word();
                                    sp = result.add(1);
                                }
                                Called::Frame { fun, args, n, kind, extra } => {
                                    enter!(fun, args, n, result, kind, extra);
                                }
                            }
                        }
                    }};
                }
                macro_rules! give_back {
                    ($v:expr) => {{
                        let v: Value = $v;
                        if kind(hdr) != 0 || !header(hdr, H_BLOCKS).is_null() {
                            push!(v);
                            left!(self.leave(regs!()));
                        } else {
                            self.top.set(header(hdr, H_TOP).cast());
                            ip = header(hdr, H_IP).cast_const().cast();
                            sp = header(hdr, H_SP).cast();
                            fp = header(hdr, H_FP).cast();
                            hdr = header(hdr, H_HDR).cast();
                            self.module.set(Some(function(hdr).module));
                            push!(v);
                        }
                    }};
                }
                macro_rules! small_pair {
                    ($op:expr, |$a:ident, $b:ident| $fast:expr) => {{
                        let $b = value(*sp.sub(1));
                        let $a = value(*sp.sub(2));
                        let r: Option<Value> = match level::FAST_PATHS && $a.both_small($b) {
                            true => $fast,
                            false => None,
                        };
                        sp = sp.sub(1);
                        match r {
                            Some(v) => set_top!(v),
                            None => {
                                let v = ok!(self.binary($op, $a, $b));
                                set_top!(v);
                            }
                        }
                    }};
                }
                macro_rules! compare {
                    ($op:expr, |$a:ident, $b:ident| $fast:expr) => {
                        small_pair!($op, |x, y| {
                            let ($a, $b) = (x.bits() as isize, y.bits() as isize);
                            Some(Value::bool($fast))
                        })
                    };
                }
                macro_rules! branch {
                    ($to:expr) => {{
                        let to: *const u8 = $to;
                        if to < ip {
                            ip = to;
                            ok!(self.poll());
                        } else {
                            ip = to;
                        }
                    }};
                }
                loop {
                    // SAFETY: as above.
                    unsafe {
                        let opcode = *ip;
                        ip = ip.add(1);
                        if COUNT {
                            self.count_instruction(hdr);
                        }
                        match opcode {
                            0xb0..=0xbf => {
                                let w = *fp.add((opcode - 0xb0) as usize);
                                if w.is_null() {
                                    break 'raise self.unbound_local();
                                }
                                *sp = w;
                                sp = sp.add(1);
                            }
                            op::LOAD_FAST_N => {
                                let w = *fp.add(uint(&mut ip));
                                if w.is_null() {
                                    break 'raise self.unbound_local();
                                }
                                *sp = w;
                                sp = sp.add(1);
                            }
                            0xc0..=0xcf => {
                                sp = sp.sub(1);
                                *fp.add((opcode - 0xc0) as usize) = *sp;
                            }
                            op::STORE_FAST_N => {
                                let i = uint(&mut ip);
                                sp = sp.sub(1);
                                *fp.add(i) = *sp;
                            }
                            0x70..=0xaf => push!(Value::small(opcode as isize - 0x80)),
                            op::LOAD_CONST_SMALL_INT => {
                                let mut n: isize = if *ip & 0x40 != 0 { -1 } else { 0 };
                                loop {
                                    let b = *ip;
                                    ip = ip.add(1);
                                    n = n << 7 | (b & 0x7f) as isize;
                                    if b < 0x80 {
                                        break;
                                    }
                                }
                                push!(Value::small(n));
                            }
                            op::LOAD_CONST_FALSE => push!(Value::FALSE),
                            op::LOAD_CONST_NONE => push!(Value::NONE),
                            op::LOAD_CONST_TRUE => push!(Value::TRUE),
                            op::LOAD_CONST_OBJ => {
                                let i = uint(&mut ip);
                                push!(*self.current().get().consts.get().add(i));
                            }
                            op::LOAD_CONST_STRING => push!(Value::qstr(qstr(self, &mut ip))),
                            op::LOAD_NULL => {
                                *sp = core::ptr::null_mut();
                                sp = sp.add(1);
                            }
                            op::LOAD_BUILD_CLASS => push!(self.build_class_function()),
                            op::LOAD_GLOBAL => {
                                let q = qstr(self, &mut ip);
                                let globals = self.current().get().globals;
                                match globals.map.get_hinted(self, q) {
                                    Some(v) => push!(v),
                                    None => push!(ok!(self.load_builtin(q))),
                                }
                            }
                            op::LOAD_NAME => {
                                let q = qstr(self, &mut ip);
                                push!(ok!(self.load_name(q)));
                            }
                            op::LOAD_DEREF => {
                                let i = uint(&mut ip);
                                match maybe(*fp.add(i)).and_then(|v| v.cast::<CellObj>()) {
                                    Some(cell) => match cell.value.get() {
                                        Some(v) => push!(v),
                                        None => break 'raise self.unbound_local(),
                                    },
                                    None => break 'raise self.unbound_local(),
                                }
                            }
                            op::STORE_DEREF => {
                                let i = uint(&mut ip);
                                let v = pop!();
                                if let Some(c) = maybe(*fp.add(i)).and_then(|v| v.cast::<CellObj>())
                                {
                                    c.value.set(Some(v));
                                }
                            }
                            op::DELETE_FAST => {
                                let i = uint(&mut ip);
                                let p = fp.add(i);
                                if (*p).is_null() {
                                    break 'raise self.unbound_local();
                                }
                                *p = core::ptr::null_mut();
                            }
                            op::DELETE_DEREF => {
                                let i = uint(&mut ip);
                                match maybe(*fp.add(i)).and_then(|v| v.cast::<CellObj>()) {
                                    Some(c) if c.value.take().is_some() => {}
                                    _ => break 'raise self.unbound_local(),
                                }
                            }
                            op::LOAD_ATTR => {
                                let q = qstr(self, &mut ip);
                                let v = top!();
                                let found = match self.instance_map(v) {
                                    Some(map) if level::FAST_PATHS => map.get_hinted(self, q),
                                    _ => None,
                                };
                                match found {
                                    Some(v) => set_top!(v),
                                    None => {
                                        let v = ok!(self.getattr(v, q));
                                        set_top!(v);
                                    }
                                }
                            }
                            op::LOAD_METHOD => {
                                let q = qstr(self, &mut ip);
                                let v = top!();
                                ok!(self.load_method_to(v, q, sp.sub(1)));
                                sp = sp.add(1);
                            }
                            op::LOAD_SUPER_METHOD => {
                                let q = qstr(self, &mut ip);
                                sp = sp.sub(1);
                                ok!(self.load_super_method(q, sp.sub(2)));
                            }
                            op::STORE_ATTR => {
                                let q = qstr(self, &mut ip);
                                sp = sp.sub(2);
                                let v = value(*sp.add(1));
                                let stored = match (self.plain_instance_map(v), maybe(*sp)) {
                                    (Some(map), Some(new)) if level::FAST_PATHS => {
                                        map.set_hinted(self, q, new)
                                    }
                                    _ => false,
                                };
                                if !stored {
                                    ok!(self.setattr(v, q, maybe(*sp)));
                                }
                            }
                            op::STORE_NAME => {
                                let q = qstr(self, &mut ip);
                                let v = pop!();
                                ok!(self.locals_dict().map.insert_name(self, q, v));
                            }
                            op::STORE_GLOBAL => {
                                let q = qstr(self, &mut ip);
                                let v = pop!();
                                ok!(self.current().globals.map.insert_name(self, q, v));
                            }
                            op::DELETE_NAME => {
                                let q = qstr(self, &mut ip);
                                ok!(self.delete_name(self.locals_dict(), q));
                            }
                            op::DELETE_GLOBAL => {
                                let q = qstr(self, &mut ip);
                                ok!(self.delete_name(self.current().globals, q));
                            }
                            op::LOAD_SUBSCR => {
                                let index = pop!();
                                let v = top!();
                                let fast = match (index.as_small(), v.cast::<List>()) {
                                    (Some(i), Some(list)) if level::FAST_PATHS => {
                                        let i =
                                            if i < 0 { i + list.items.len() as isize } else { i };
                                        list.items.get(i as usize)
                                    }
                                    _ => None,
                                };
                                match fast {
                                    Some(v) => set_top!(v),
                                    None => {
                                        let v = ok!(self.subscr(v, index));
                                        set_top!(v);
                                    }
                                }
                            }
                            op::STORE_SUBSCR => {
                                sp = sp.sub(3);
                                let (v, index) = (value(*sp.add(1)), value(*sp.add(2)));
                                let done = match (index.as_small(), v.cast::<List>(), maybe(*sp)) {
                                    (Some(i @ 0..), Some(list), Some(new)) if level::FAST_PATHS => {
                                        list.items.set(i as usize, new)
                                    }
                                    _ => false,
                                };
                                if !done {
                                    ok!(self.set_subscr(v, index, maybe(*sp)));
                                }
                            }
                            op::DUP_TOP => {
                                *sp = *sp.sub(1);
                                sp = sp.add(1);
                            }
                            op::DUP_TOP_TWO => {
                                *sp = *sp.sub(2);
                                *sp.add(1) = *sp.sub(1);
                                sp = sp.add(2);
                            }
                            op::POP_TOP => sp = sp.sub(1),
                            op::ROT_TWO => core::ptr::swap(sp.sub(1), sp.sub(2)),
                            op::ROT_THREE => {
                                let w = *sp.sub(1);
                                *sp.sub(1) = *sp.sub(2);
                                *sp.sub(2) = *sp.sub(3);
                                *sp.sub(3) = w;
                            }
                            op::JUMP => {
                                let to = target(&mut ip, true);
                                branch!(to);
                            }
                            op::POP_JUMP_IF_TRUE | op::POP_JUMP_IF_FALSE => {
                                let to = target(&mut ip, true);
                                let v = pop!();
                                let truth = if v == Value::TRUE {
                                    true
                                } else if v == Value::FALSE {
                                    false
                                } else {
                                    ok!(self.is_true(v))
                                };
                                if truth == (opcode == op::POP_JUMP_IF_TRUE) {
                                    branch!(to);
                                }
                            }
                            op::JUMP_IF_TRUE_OR_POP | op::JUMP_IF_FALSE_OR_POP => {
                                let to = target(&mut ip, false);
                                let truth = ok!(self.is_true(top!()));
                                if truth == (opcode == op::JUMP_IF_TRUE_OR_POP) {
                                    ip = to;
                                } else {
                                    sp = sp.sub(1);
                                }
                            }
                            op::GET_ITER => {
                                let v = ok!(self.iter(top!()));
                                set_top!(v);
                            }
                            op::GET_ITER_STACK => {
                                let v = top!();
                                if level::FAST_PATHS && self.has_steps(v) {
                                    *sp = Value::small(0).word();
                                } else {
                                    let it = ok!(self.iter(v));
                                    *sp.sub(1) = core::ptr::null_mut();
                                    *sp = it.word();
                                }
                                *sp.add(1) = core::ptr::null_mut();
                                *sp.add(2) = core::ptr::null_mut();
                                sp = sp.add(3);
                            }
                            op::FOR_ITER => {
                                let end = target(&mut ip, false);
                                let it = sp.sub(4);
                                let next = match maybe(*it) {
                                    None => {
                                        let it = value(*sp.sub(3));
                                        if let Some(g) = it.cast::<Generator>()
                                            && g.is_resumable(Value::NONE)
                                        {
                                            let r = ok!(self.resume(
                                                g,
                                                Value::NONE,
                                                regs!(),
                                                K_FOR,
                                                end.cast_mut().cast(),
                                            ));
                                            load!(r);
                                            continue;
                                        }
                                        ok!(self.next(it))
                                    }
                                    Some(source) if level::FAST_PATHS => {
                                        ok!(self.item_at(source, sp.sub(3)))
                                    }
                                    Some(_) => None,
                                };
                                match next {
                                    Some(v) => push!(v),
                                    None => {
                                        sp = it;
                                        ip = end;
                                    }
                                }
                            }
                            op::CALL_FUNCTION => {
                                let n = uint(&mut ip);
                                let (pos, kw) = (n & 0xff, n >> 8 & 0xff);
                                let args = sp.sub(pos + 2 * kw);
                                let result = args.sub(1);
                                call!(value(*result), args, pos, kw, result);
                            }
                            op::CALL_METHOD => {
                                let n = uint(&mut ip);
                                let (pos, kw) = (n & 0xff, n >> 8 & 0xff);
                                let args = sp.sub(pos + 2 * kw);
                                let result = args.sub(2);
                                let f = value(*result);
                                if (*args.sub(1)).is_null() {
                                    call!(f, args, pos, kw, result);
                                } else {
                                    call!(f, args.sub(1), pos + 1, kw, result);
                                }
                            }
                            op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD_VAR_KW => {
                                let n = uint(&mut ip);
                                let (pos, kw) = (n & 0xff, n >> 8 & 0xff);
                                let stars = pop!().as_small().unwrap_or(0) as usize;
                                let args = sp.sub(pos + 2 * kw);
                                let method = opcode == op::CALL_METHOD_VAR_KW;
                                let result = args.sub(1 + method as usize);
                                let this = if method { maybe(*args.sub(1)) } else { None };
                                let f = value(*result);
                                match ok!(self.call_starred(f, this, args, pos, kw, stars)) {
                                    Called::Value(v) => {
                                        *result = v.word();
                                        sp = result.add(1);
                                    }
                                    Called::Frame { fun, args, n, kind, extra } => {
                                        enter!(fun, args, n, result, kind, extra);
                                    }
                                }
                            }
                            op::RETURN_VALUE => {
                                let v = pop!();
                                give_back!(v);
                            }
                            op::YIELD_VALUE => {
                                let v = pop!();
                                left!(self.yield_value(regs!(), v));
                            }
                            op::YIELD_FROM => {
                                let send = pop!();
                                let it = top!();
                                if let Some(g) = it.cast::<Generator>()
                                    && g.is_resumable(send)
                                {
                                    let r = ok!(self.resume(
                                        g,
                                        send,
                                        regs!(),
                                        K_FROM,
                                        core::ptr::null_mut(),
                                    ));
                                    load!(r);
                                    continue;
                                }
                                match ok!(self.send_value(it, send)) {
                                    Some(v) => {
                                        ip = ip.sub(1);
                                        left!(self.yield_value(regs!(), v));
                                    }
                                    None => {
                                        let v = self.stop_value.replace(Value::NONE);
                                        set_top!(v);
                                    }
                                }
                            }
                            op::MAKE_FUNCTION => {
                                let raw = self.child(hdr, uint(&mut ip));
                                push!(ok!(self.new_function(raw, self.current(), None, None)));
                            }
                            op::MAKE_FUNCTION_DEFARGS => {
                                let raw = self.child(hdr, uint(&mut ip));
                                sp = sp.sub(2);
                                let (d, k) = (maybe(*sp), maybe(*sp.add(1)));
                                push!(ok!(self.new_function(raw, self.current(), d, k)));
                            }
                            op::MAKE_CLOSURE | op::MAKE_CLOSURE_DEFARGS => {
                                let raw = self.child(hdr, uint(&mut ip));
                                let n = *ip as usize;
                                ip = ip.add(1);
                                sp = sp.sub(n);
                                let cells = values(sp, n);
                                let (d, k) = if opcode == op::MAKE_CLOSURE {
                                    (None, None)
                                } else {
                                    sp = sp.sub(2);
                                    (maybe(*sp), maybe(*sp.add(1)))
                                };
                                let f = ok!(self.new_function(raw, self.current(), d, k));
                                push!(ok!(self.new_closure(f, cells)));
                            }
                            op::BUILD_TUPLE => {
                                let n = uint(&mut ip);
                                sp = sp.sub(n);
                                push!(ok!(self.new_tuple(values(sp, n))));
                            }
                            op::BUILD_LIST => {
                                let n = uint(&mut ip);
                                sp = sp.sub(n);
                                let list: Value = ok!(self.new_list(values(sp, n))).into();
                                push!(list);
                            }
                            op::BUILD_MAP => {
                                let n = uint(&mut ip);
                                let dict: Value = ok!(self.new_dict(n)).into();
                                push!(dict);
                            }
                            op::BUILD_SET => {
                                let n = uint(&mut ip);
                                sp = sp.sub(n);
                                push!(ok!(self.new_set(values(sp, n))));
                            }
                            op::BUILD_SLICE => {
                                let n = *ip as usize;
                                ip = ip.add(1);
                                sp = sp.sub(n);
                                push!(ok!(self.build_slice(sp, n, *ip)));
                            }
                            op::STORE_MAP => {
                                sp = sp.sub(2);
                                let (v, k) = (value(*sp), value(*sp.add(1)));
                                ok!(self.store_map(top!(), k, v));
                            }
                            op::STORE_COMP => {
                                let n = uint(&mut ip);
                                let to = value(*sp.sub(1 + (n >> 2)));
                                let v = pop!();
                                if n & 3 == 1 {
                                    let value = pop!();
                                    ok!(self.store_map(to, v, value));
                                } else {
                                    ok!(self.store_comp(to, v));
                                }
                            }
                            op::UNPACK_SEQUENCE => {
                                let n = uint(&mut ip);
                                let v = pop!();
                                ok!(self.unpack_to(v, sp, n));
                                sp = sp.add(n);
                            }
                            op::UNPACK_EX => {
                                let n = uint(&mut ip);
                                let (left, right) = (n & 0xff, n >> 8);
                                let v = pop!();
                                ok!(self.unpack_star_to(v, sp, left, right));
                                sp = sp.add(left + right + 1);
                            }
                            op::SETUP_EXCEPT | op::SETUP_FINALLY => {
                                let handler = target(&mut ip, false);
                                push_block(hdr, handler, sp, opcode != op::SETUP_EXCEPT);
                            }
                            op::SETUP_WITH => {
                                let handler = target(&mut ip, false);
                                let entered = ok!(self.enter_with(sp));
                                sp = sp.add(1);
                                push_block(hdr, handler, sp, true);
                                push!(entered);
                            }
                            op::WITH_CLEANUP => sp = ok!(self.with_cleanup(sp)),
                            op::POP_EXCEPT_JUMP => {
                                self.state.handled.set(None);
                                ip = target(&mut ip, false);
                                pop_block(hdr);
                            }
                            op::END_FINALLY => {
                                pop_block(hdr);
                                let v = pop!();
                                if v.is_none() {
                                    continue;
                                }
                                match v.as_small() {
                                    Some(-1) => {
                                        let v = pop!();
                                        give_back!(v);
                                    }
                                    Some(n) => load!(self.unwind_jump(regs!(), n as usize)),
                                    None => break 'raise self.reraise(v),
                                }
                            }
                            op::UNWIND_JUMP => {
                                let to = target(&mut ip, true);
                                let n = *ip as usize;
                                *sp = to.cast_mut().cast();
                                sp = sp.add(1);
                                load!(self.unwind_jump(regs!(), n));
                                ok!(self.poll());
                            }
                            op::RAISE_LAST => break 'raise self.raise_last(hdr),
                            op::RAISE_OBJ => {
                                let v = pop!();
                                break 'raise self.make_raise(v);
                            }
                            op::RAISE_FROM => {
                                sp = sp.sub(2);
                                break 'raise self.raise_from(value(*sp), value(*sp.add(1)));
                            }
                            op::IMPORT_NAME => {
                                let q = qstr(self, &mut ip);
                                let names = pop!();
                                let v = ok!(self.import_name(q, names, top!()));
                                set_top!(v);
                            }
                            op::IMPORT_FROM => {
                                let q = qstr(self, &mut ip);
                                push!(ok!(self.import_from(top!(), q)));
                            }
                            op::IMPORT_STAR => {
                                let m = pop!();
                                ok!(self.import_star(m));
                            }
                            0xd0..=0xd3 => {
                                let v = match opcode {
                                    0xd3 => Value::bool(!ok!(self.is_true(top!()))),
                                    0xd1 if level::FAST_PATHS
                                        && top!().is_small()
                                        && top!() != Value::small(Value::SMALL_MIN) =>
                                    {
                                        Value::small(-top!().as_small().unwrap_or(0))
                                    }
                                    0xd0 => ok!(self.unary(UnaryOp::Pos, top!())),
                                    0xd1 => ok!(self.unary(UnaryOp::Neg, top!())),
                                    _ => ok!(self.unary(UnaryOp::Invert, top!())),
                                };
                                set_top!(v);
                            }
                            0xd7 => compare!(BinaryOp::Less, |a, b| a < b),
                            0xd8 => compare!(BinaryOp::More, |a, b| a > b),
                            0xd9 => compare!(BinaryOp::Equal, |a, b| a == b),
                            0xda => compare!(BinaryOp::LessEqual, |a, b| a <= b),
                            0xdb => compare!(BinaryOp::MoreEqual, |a, b| a >= b),
                            0xdc => compare!(BinaryOp::NotEqual, |a, b| a != b),
                            0xde => {
                                let b = pop!();
                                let v = Value::bool(top!() == b);
                                set_top!(v);
                            }
                            0xe5 | 0xf2 => small_pair!(binary_op(opcode), |a, b| small::add(a, b)),
                            0xe6 | 0xf3 => {
                                small_pair!(binary_op(opcode), |a, b| small::subtract(a, b))
                            }
                            0xe7 | 0xf4 => {
                                small_pair!(binary_op(opcode), |a, b| small::multiply(a, b))
                            }
                            0xe0 | 0xed => small_pair!(binary_op(opcode), |a, b| small::or(a, b)),
                            0xe1 | 0xee => small_pair!(binary_op(opcode), |a, b| small::xor(a, b)),
                            0xe2 | 0xef => small_pair!(binary_op(opcode), |a, b| small::and(a, b)),
                            0xe4 | 0xf1 => {
                                small_pair!(binary_op(opcode), |a, b| small::shift_right(a, b))
                            }
                            0xe3 | 0xf0 => {
                                small_pair!(binary_op(opcode), |a, b| small::shift_left(a, b))
                            }
                            0xe9 | 0xf6 => {
                                small_pair!(binary_op(opcode), |a, b| small::floor_divide(a, b))
                            }
                            0xeb | 0xf8 => {
                                small_pair!(binary_op(opcode), |a, b| small::modulo(a, b))
                            }
                            _ => {
                                let b = pop!();
                                let v = ok!(self.binary(binary_op(opcode), top!(), b));
                                set_top!(v);
                            }
                        }
                    }
                }
            };
            // SAFETY: the registers describe the frame that raised.
            match unsafe { self.unwind(regs!(), raised) } {
                Ok(r) => load!(r),
                Err(r) => return Err(r),
            }
        }
    }
}
