//! Code that must not pass the verifier, and the reason that it gives. Each case is a
//! few instructions, made wrong in one way.

use mpy_format::prelude::{self, FLAG_GENERATOR};
use mpy_format::verify::{Tables, verify_bytecode};
use mpy_format::{ErrorKind, Signature, op};

const TABLES: Tables = Tables { n_qstrs: 4, n_consts: 2, n_children: 1 };

const SMALL: Signature = Signature {
    n_state: 8,
    n_exc_stack: 1,
    flags: 0,
    n_pos_args: 0,
    n_kwonly_args: 0,
    n_def_pos_args: 0,
};

fn verify_with(signature: Signature, code: &[u8]) -> Result<(), ErrorKind> {
    let mut data = Vec::new();
    prelude::push(&mut data, &signature, 0, &vec![0; signature.named_args() as usize], &[], &[]);
    data.extend_from_slice(code);
    verify_bytecode(&data, TABLES, &mut [0; 512]).map_err(|e| e.kind)
}

fn verify(code: &[u8]) -> Result<(), ErrorKind> {
    verify_with(SMALL, code)
}

const NONE: u8 = op::LOAD_CONST_NONE;
const POP: u8 = op::POP_TOP;
const RETURN: u8 = op::RETURN_VALUE;

/// A jump of two bytes over `n` bytes, forwards.
fn over(n: u8) -> u8 {
    0x40 + n
}

/// A jump of two bytes back to `n` bytes before its end.
fn back(n: u8) -> u8 {
    0x40 - n
}

#[test]
fn instructions_are_whole_and_known() {
    assert_eq!(verify(&[NONE, RETURN]), Ok(()));
    assert_eq!(verify(&[NONE, 0x00]), Err(ErrorKind::BadOpcode));
    assert_eq!(verify(&[op::LOAD_GLOBAL]), Err(ErrorKind::Truncated));
    assert_eq!(verify(&[NONE]), Err(ErrorKind::FallsOff));
    assert_eq!(verify(&[]), Err(ErrorKind::FallsOff));
}

#[test]
fn jumps_go_to_instructions() {
    assert_eq!(verify(&[op::JUMP, over(0), NONE, RETURN]), Ok(()));
    assert_eq!(
        verify(&[op::JUMP, over(1), op::LOAD_NAME, 0, POP, NONE, RETURN]),
        Err(ErrorKind::BadJump)
    );
    assert_eq!(verify(&[op::JUMP, over(9), NONE, RETURN]), Err(ErrorKind::BadJump));
    assert_eq!(verify(&[op::JUMP, back(3)]), Err(ErrorKind::BadJump));
    assert_eq!(verify(&[op::LOAD_NAME, 0, POP, op::JUMP, back(4)]), Err(ErrorKind::BadJump));
    assert_eq!(verify(&[op::JUMP, back(2)]), Ok(()), "an endless loop");
}

#[test]
fn operands_have_something_to_mean() {
    assert_eq!(verify(&[op::LOAD_NAME, 3, RETURN]), Ok(()));
    assert_eq!(verify(&[op::LOAD_NAME, 4, RETURN]), Err(ErrorKind::BadOperand));
    assert_eq!(verify(&[op::LOAD_CONST_OBJ, 2, RETURN]), Err(ErrorKind::BadOperand));
    assert_eq!(verify(&[op::MAKE_FUNCTION, 1, RETURN]), Err(ErrorKind::BadOperand));
    assert_eq!(verify(&[NONE, NONE, op::BUILD_SLICE, 4, RETURN]), Err(ErrorKind::BadOperand));
    // Eight entries: local 6 leaves one for the stack, local 7 none.
    assert_eq!(verify(&[op::LOAD_FAST_MULTI + 6, RETURN]), Ok(()));
    assert_eq!(verify(&[op::LOAD_FAST_MULTI + 7, RETURN]), Err(ErrorKind::StackOverflow));
    assert_eq!(verify(&[op::LOAD_FAST_N, 8, RETURN]), Err(ErrorKind::BadPrelude));
}

#[test]
fn preludes_are_consistent() {
    let defaults = Signature { n_def_pos_args: 1, ..SMALL };
    assert_eq!(verify_with(defaults, &[NONE, RETURN]), Err(ErrorKind::BadPrelude));
    let crowded = Signature { n_pos_args: 9, ..SMALL };
    assert_eq!(verify_with(crowded, &[NONE, RETURN]), Err(ErrorKind::BadPrelude));
}

#[test]
fn the_stack_stays_in_its_bounds() {
    assert_eq!(verify(&[RETURN]), Err(ErrorKind::StackUnderflow));
    assert_eq!(verify(&[NONE, op::ROT_TWO, RETURN]), Err(ErrorKind::StackUnderflow));
    assert_eq!(verify(&[NONE; 9]), Err(ErrorKind::StackOverflow));
    assert_eq!(verify(&[NONE, op::UNPACK_SEQUENCE, 9, RETURN]), Err(ErrorKind::StackOverflow));
    assert_eq!(verify(&[NONE, op::CALL_FUNCTION, 1, RETURN]), Err(ErrorKind::StackUnderflow));
    // An iterator takes four entries; five more do not fit.
    assert_eq!(
        verify(&[NONE, NONE, NONE, NONE, NONE, op::GET_ITER_STACK]),
        Err(ErrorKind::FallsOff)
    );
    assert_eq!(
        verify(&[NONE, NONE, NONE, NONE, NONE, NONE, op::GET_ITER_STACK]),
        Err(ErrorKind::StackOverflow)
    );
}

#[test]
fn paths_agree_about_the_stack() {
    let one_more = [NONE, op::POP_JUMP_IF_TRUE, over(1), NONE, NONE, RETURN];
    assert_eq!(verify(&one_more), Err(ErrorKind::StackMismatch));
    let growing = [NONE, op::JUMP, back(3)];
    assert_eq!(verify(&growing), Err(ErrorKind::StackMismatch));
}

#[test]
fn entries_are_used_as_what_they_are() {
    assert_eq!(verify(&[op::LOAD_NULL, RETURN]), Err(ErrorKind::BadStackShape));
    assert_eq!(verify(&[NONE, op::LOAD_METHOD, 0, RETURN]), Err(ErrorKind::BadStackShape));
    assert_eq!(verify(&[NONE, op::LOAD_METHOD, 0, op::CALL_METHOD, 0, RETURN]), Ok(()));
    assert_eq!(
        verify(&[NONE, NONE, NONE, NONE, op::FOR_ITER, 0, RETURN]),
        Err(ErrorKind::BadStackShape)
    );
    assert_eq!(verify(&[NONE, op::GET_ITER_STACK, RETURN]), Err(ErrorKind::BadStackShape));
    let swapped = [NONE, op::GET_ITER_STACK, op::ROT_TWO, op::FOR_ITER, 1, POP, NONE, RETURN];
    assert_eq!(verify(&swapped), Err(ErrorKind::BadStackShape));
    // An accumulator must lie on the stack, above nothing that may have two slots.
    assert_eq!(verify(&[NONE, NONE, op::STORE_COMP, 1 << 2, RETURN]), Ok(()));
    assert_eq!(
        verify(&[NONE, NONE, op::STORE_COMP, 2 << 2, RETURN]),
        Err(ErrorKind::StackUnderflow)
    );
}

#[test]
fn blocks_are_left_as_they_were_entered() {
    let try_except =
        [op::SETUP_EXCEPT, 2, op::POP_EXCEPT_JUMP, 3, POP, op::POP_EXCEPT_JUMP, 0, NONE, RETURN];
    assert_eq!(verify(&try_except), Ok(()));
    let nested = [op::SETUP_EXCEPT, 0, op::SETUP_EXCEPT, 0];
    assert_eq!(verify(&nested), Err(ErrorKind::StackMismatch));
    let none_reserved = Signature { n_exc_stack: 0, ..SMALL };
    assert_eq!(verify_with(none_reserved, &try_except), Err(ErrorKind::BlockOverflow));
    assert_eq!(verify(&[NONE, op::END_FINALLY, NONE, RETURN]), Err(ErrorKind::BadBlock));
    assert_eq!(verify(&[op::POP_EXCEPT_JUMP, 0, NONE, RETURN]), Err(ErrorKind::BadBlock));
    assert_eq!(verify(&[op::UNWIND_JUMP, over(1), 1, NONE, RETURN]), Err(ErrorKind::BadBlock));
    assert_eq!(verify(&[NONE, op::WITH_CLEANUP, RETURN]), Err(ErrorKind::BadBlock));
    let finally = [op::SETUP_FINALLY, 1, NONE, op::END_FINALLY, NONE, RETURN];
    assert_eq!(verify(&finally), Ok(()));
    let with_value = [op::SETUP_FINALLY, 2, op::LOAD_NAME, 0, op::END_FINALLY, NONE, RETURN];
    assert_eq!(
        verify(&with_value),
        Err(ErrorKind::StackMismatch),
        "only None says that all went well"
    );
}

#[test]
fn a_handler_finds_the_stack_that_it_expects() {
    // The block takes away what lies below it, then something may raise.
    let below = [
        NONE,
        op::SETUP_EXCEPT,
        6,
        POP,
        op::LOAD_NAME,
        0,
        op::POP_EXCEPT_JUMP,
        3,
        POP,
        op::POP_EXCEPT_JUMP,
        0,
        RETURN,
    ];
    assert_eq!(verify(&below), Err(ErrorKind::StackUnderflow));
    // From the handler back into the block.
    let again =
        [op::SETUP_EXCEPT, 5, op::LOAD_NAME, 0, POP, op::JUMP, back(5), POP, op::JUMP, back(8)];
    assert_eq!(verify(&again), Err(ErrorKind::BadBlock));
}

#[test]
fn a_finally_needs_room_for_its_cause() {
    let finally = [op::SETUP_FINALLY, 1, NONE, op::END_FINALLY, NONE, RETURN];
    let tight = |n_state| verify_with(Signature { n_state, ..SMALL }, &finally);
    assert_eq!(tight(2), Ok(()));
    assert_eq!(tight(1), Err(ErrorKind::StackOverflow));
    let with =
        [NONE, op::SETUP_WITH, 2, POP, NONE, op::WITH_CLEANUP, op::END_FINALLY, NONE, RETURN];
    let tight = |n_state| verify_with(Signature { n_state, ..SMALL }, &with);
    assert_eq!(tight(5), Ok(()));
    assert_eq!(tight(4), Err(ErrorKind::StackOverflow), "the exit function takes three arguments");
}

#[test]
fn only_generators_yield() {
    let code = [NONE, op::YIELD_VALUE, RETURN];
    assert_eq!(verify(&code), Err(ErrorKind::NotGenerator));
    assert_eq!(verify_with(Signature { flags: FLAG_GENERATOR, ..SMALL }, &code), Ok(()));
}

#[test]
fn little_memory_is_an_error_and_no_more() {
    let finally = [op::SETUP_FINALLY, 1, NONE, op::END_FINALLY, NONE, RETURN];
    let mut data = Vec::new();
    prelude::push(&mut data, &SMALL, 0, &[], &[], &[]);
    data.extend_from_slice(&finally);
    let mut least = 0;
    while let Err(error) = verify_bytecode(&data, TABLES, &mut vec![0; least]) {
        assert_eq!(error.kind, ErrorKind::ScratchFull);
        least += 1;
        assert!(least < 100);
    }
}
