"""Signing in with a wallet: the text, its proof, and everything that must not pass for one."""

import base64

import pytest

from launchpad.accounts import service
from launchpad.accounts.credentials import csrf_token, csrf_token_is_valid, hash_of, new_secret, signing_key
from launchpad.accounts.errors import SignInExpiredError, SignInFailedError
from launchpad.accounts.schemas import VerifyRequest
from launchpad.accounts.service import InvalidNameError, SessionNotFoundError
from launchpad.accounts.siws import message_text
from launchpad.chain import keys
from launchpad.config import Settings
from launchpad.db import Database

ORIGIN = "http://localhost:8000"


@pytest.fixture
async def database(database_url):
    found = Database(database_url, pool_size=2)
    yield found
    await found.close()


@pytest.fixture
def settings(tmp_path):
    return Settings(_env_file=None, launchpad_home=tmp_path)


def _answer(challenge, keypair, *, text=None, signer=None, address=None):
    address = address or keys.address_of(keypair)
    body = (text if text is not None else message_text(challenge.input, address)).encode()
    signature = keys.sign_message(signer or keypair, body)
    return VerifyRequest(
        request_id=challenge.request_id,
        address=address,
        signed_message=base64.b64encode(body).decode(),
        signature=base64.b64encode(signature).decode(),
    )


async def _ask(database, settings, browser="b" * 43, address=None):
    return await service.ask_to_sign_in(database, settings, origin=ORIGIN, browser=browser, address=address)


async def _sign_in(database, redis, settings, keypair, browser="b" * 43, old=None):
    challenge = await _ask(database, settings, browser)
    return await service.sign_in(
        database, redis, _answer(challenge, keypair), browser=browser, device="test", old_secret=old
    )


async def test_the_text_is_the_wallet_standards_own(database, settings):
    address = keys.address_of(keys.generate())
    challenge = await _ask(database, settings, address=address)
    lines = challenge.message.split("\n")
    assert lines[0] == "localhost:8000 wants you to sign in with your Solana account:"
    assert lines[1] == address
    assert lines[2] == ""
    assert lines[4] == ""
    assert [line.partition(":")[0] for line in lines[5:]] == [
        "URI",
        "Version",
        "Chain ID",
        "Nonce",
        "Issued At",
        "Expiration Time",
        "Request ID",
    ]
    assert "Chain ID: localnet" in lines
    assert not challenge.message.endswith("\n")


async def test_a_signed_challenge_opens_a_session(database, redis, settings):
    keypair = keys.generate()
    secret, who = await _sign_in(database, redis, settings, keypair)
    assert who.address == keys.address_of(keypair)
    found = await service.session_of(database, secret)
    assert found is not None
    assert found.address == who.address


async def test_a_challenge_works_once(database, redis, settings):
    keypair = keys.generate()
    challenge = await _ask(database, settings)
    answer = _answer(challenge, keypair)
    await service.sign_in(database, redis, answer, browser="b" * 43, device="test")
    with pytest.raises(SignInExpiredError):
        await service.sign_in(database, redis, answer, browser="b" * 43, device="test")


async def test_a_failed_attempt_spends_the_challenge(database, redis, settings):
    keypair = keys.generate()
    challenge = await _ask(database, settings)
    bad = _answer(challenge, keypair, signer=keys.generate())
    with pytest.raises(SignInFailedError):
        await service.sign_in(database, redis, bad, browser="b" * 43, device="test")
    with pytest.raises(SignInExpiredError):
        await service.sign_in(database, redis, _answer(challenge, keypair), browser="b" * 43, device="test")


async def test_another_browser_cannot_answer(database, redis, settings):
    challenge = await _ask(database, settings, browser="b" * 43)
    with pytest.raises(SignInExpiredError):
        await service.sign_in(database, redis, _answer(challenge, keys.generate()), browser="c" * 43, device="test")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("localhost:8000 wants", "evil.example wants"),
        ("localhost", "l\u043e\u0441alhost"),
        ("Sign in to Launchpad.", "Sign in to Launchpad.\nResources:"),
        ("Version: 1", "Version: 1\nNot Before: 2020-01-01T00:00:00.000Z"),
        ("Chain ID: localnet", "Chain ID: mainnet"),
        ("\n\n", "\r\n\r\n"),
        ("Nonce: ", "Nonce: 0"),
    ],
)
async def test_any_other_text_is_refused(database, redis, settings, old, new):
    keypair = keys.generate()
    challenge = await _ask(database, settings)
    text = message_text(challenge.input, keys.address_of(keypair))
    assert old in text
    changed = _answer(challenge, keypair, text=text.replace(old, new, 1))
    with pytest.raises(SignInFailedError):
        await service.sign_in(database, redis, changed, browser="b" * 43, device="test")


async def test_a_signature_for_another_address_is_refused(database, redis, settings):
    challenge = await _ask(database, settings)
    other = keys.address_of(keys.generate())
    with pytest.raises(SignInFailedError):
        await service.sign_in(
            database, redis, _answer(challenge, keys.generate(), address=other), browser="b" * 43, device="test"
        )


async def test_what_is_no_base64_or_too_short_is_refused(database, redis, settings):
    keypair = keys.generate()
    for change in ({"signature": "AAAA"}, {"signed_message": "A"}, {"signed_message": "A" * 8000}):
        challenge = await _ask(database, settings)
        answer = _answer(challenge, keypair).model_copy(update=change)
        with pytest.raises(SignInFailedError):
            await service.sign_in(database, redis, answer, browser="b" * 43, device="test")


async def test_signing_in_again_replaces_the_browsers_session(database, redis, settings):
    keypair = keys.generate()
    first, _ = await _sign_in(database, redis, settings, keypair)
    second, _ = await _sign_in(database, redis, settings, keypair, old=first)
    assert await service.session_of(database, first) is None
    assert await service.session_of(database, second) is not None


async def test_signing_out_ends_the_session(database, redis, settings):
    secret, _ = await _sign_in(database, redis, settings, keys.generate())
    await service.sign_out(database, redis, secret)
    assert await service.session_of(database, secret) is None


async def test_sessions_are_listed_and_revoked_by_their_owner_alone(database, redis, settings):
    keypair = keys.generate()
    phone, _ = await _sign_in(database, redis, settings, keypair)
    _, who = await _sign_in(database, redis, settings, keypair)
    _, stranger = await _sign_in(database, redis, settings, keys.generate())
    sessions = await service.list_sessions(database, who)
    assert [session.current for session in sessions] == [True, False]
    with pytest.raises(SessionNotFoundError):
        await service.revoke_session(database, redis, stranger, hash_of(phone))
    await service.revoke_session(database, redis, who, hash_of(phone))
    assert await service.session_of(database, phone) is None


async def test_all_other_sessions_end_at_once(database, redis, settings):
    keypair = keys.generate()
    phone, _ = await _sign_in(database, redis, settings, keypair)
    laptop, who = await _sign_in(database, redis, settings, keypair)
    await service.revoke_other_sessions(database, redis, who)
    assert await service.session_of(database, phone) is None
    assert await service.session_of(database, laptop) is not None


async def test_only_the_hash_of_a_session_is_stored(database, redis, settings):
    secret, who = await _sign_in(database, redis, settings, keys.generate())
    assert who.session_hash == hash_of(secret) != secret


async def test_a_display_name_is_cleaned_and_deceptive_ones_refused(database, redis, settings):
    _, who = await _sign_in(database, redis, settings, keys.generate())
    assert await service.rename(database, redis, who, "  Ada   Lovelace ") == "Ada Lovelace"
    assert await service.rename(database, redis, who, None) is None
    for bad in ("   ", "a\u202eb", "x" * 33):
        with pytest.raises(InvalidNameError):
            await service.rename(database, redis, who, bad)


def test_a_csrf_token_fits_its_session_and_key_alone(settings):
    key = signing_key(settings)
    token = csrf_token(key, "a" * 64)
    assert csrf_token_is_valid(key, "a" * 64, token)
    assert not csrf_token_is_valid(key, "b" * 64, token)
    assert not csrf_token_is_valid(b"other", "a" * 64, token)
    assert not csrf_token_is_valid(key, "a" * 64, "")
    assert not csrf_token_is_valid(key, "a" * 64, token + "ä")


def test_the_signing_key_is_made_once_and_kept_from_others(settings):
    first = signing_key(settings)
    path = settings.launchpad_home / "secret_key"
    assert signing_key(settings) == first == path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in settings.launchpad_home.iterdir()] == ["secret_key"]


def test_a_configured_key_wins(settings):
    given = settings.model_copy(update={"secret_key": "given"})
    assert signing_key(given) == b"given"


def test_secrets_differ_and_have_256_bits():
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) == 43
