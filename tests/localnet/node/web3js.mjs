// Calls of @solana/web3.js 1.x, with what they must answer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  SendTransactionError,
  SystemProgram,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";

const facts = JSON.parse(readFileSync(0, "utf8"));
const connection = new Connection(facts.rpc, { commitment: "confirmed", wsEndpoint: facts.ws });
const payer = Keypair.fromSecretKey(Uint8Array.from(facts.secret));
const TOKEN = new PublicKey("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const [mint, tokens, owner] = [facts.mint, facts.tokens, facts.owner].map((key) => new PublicKey(key));

// The library does not tell when a subscription is active: act again until it is heard.
async function heardAfter(heard, act) {
  let value;
  heard.then((found) => {
    value = found;
  });
  for (let attempt = 1; value === undefined; attempt += 1) {
    await act(attempt);
    await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 1000))]);
  }
  return value;
}

// An airdrop, confirmed by subscription and by polling, with balance and account notices.
const fresh = Keypair.generate();
const heard = new Promise((resolve) => {
  connection.onAccountChange(fresh.publicKey, resolve, { commitment: "confirmed" });
});
const airdrop = await connection.requestAirdrop(fresh.publicKey, 2 * LAMPORTS_PER_SOL);
const latest = await connection.getLatestBlockhash();
const landed = await connection.confirmTransaction({ signature: airdrop, ...latest });
assert.equal(landed.value.err, null);
assert.equal(await connection.getBalance(fresh.publicKey), 2 * LAMPORTS_PER_SOL);

const account = await heardAfter(heard, (attempt) =>
  connection.requestAirdrop(fresh.publicKey, LAMPORTS_PER_SOL + attempt),
);
assert.ok(account.lamports >= 2 * LAMPORTS_PER_SOL);

// A legacy and a versioned transaction.
const move = SystemProgram.transfer({ fromPubkey: fresh.publicKey, toPubkey: owner, lamports: 1000 });
const legacy = new Transaction({ feePayer: fresh.publicKey, ...latest }).add(move);
legacy.sign(fresh);
const first = await connection.sendRawTransaction(legacy.serialize());
await connection.confirmTransaction({ signature: first, ...latest });
const message = new TransactionMessage({
  payerKey: fresh.publicKey,
  recentBlockhash: latest.blockhash,
  instructions: [SystemProgram.transfer({ fromPubkey: fresh.publicKey, toPubkey: owner, lamports: 1001 })],
}).compileToV0Message();
const versioned = new VersionedTransaction(message);
versioned.sign([fresh]);
const simulated = await connection.simulateTransaction(versioned);
assert.equal(simulated.value.err, null);
assert.equal(simulated.value.unitsConsumed, 150);
const second = await connection.sendTransaction(versioned);
await connection.confirmTransaction({ signature: second, ...latest });
assert.equal((await connection.getSignatureStatus(second)).value.err, null);

// What is refused says why.
const tooMuch = new Transaction({ feePayer: fresh.publicKey, ...latest }).add(
  SystemProgram.transfer({ fromPubkey: fresh.publicKey, toPubkey: owner, lamports: 10 ** 15 }),
);
tooMuch.sign(fresh);
await assert.rejects(connection.sendRawTransaction(tooMuch.serialize()), (error) => {
  assert.ok(error instanceof SendTransactionError);
  assert.match(error.message, /custom program error: 0x1/);
  assert.ok(error.logs.some((line) => line.includes("insufficient lamports")));
  return true;
});

// History, also of versioned transactions and as a batch.
const versions = { maxSupportedTransactionVersion: 0 };
const [one, two] = await connection.getTransactions([first, facts.versioned], versions);
assert.equal(one.version, "legacy");
assert.equal(two.version, 0);
assert.equal(two.meta.loadedAddresses.writable.length + two.meta.loadedAddresses.readonly.length, 5);
const explained = await connection.getParsedTransaction(facts.versioned, versions);
const created = explained.transaction.message.instructions.at(-1);
assert.equal(created.program, "spl-associated-token-account");
assert.deepEqual((await connection.getTransaction(facts.failed, versions)).meta.err, {
  InstructionError: [1, { Custom: 1 }],
});
const signatures = await connection.getSignaturesForAddress(fresh.publicKey);
const listed = new Set(signatures.map((each) => each.signature));
assert.ok([airdrop, first, second].every((each) => listed.has(each)));
const block = await connection.getBlock(one.slot, versions);
assert.ok(block.transactions.some((each) => each.transaction.signatures[0] === first));
assert.ok((await connection.getBlocks(one.slot, one.slot + 1)).includes(one.slot));
assert.equal(typeof (await connection.getBlockTime(one.slot)), "number");

// Accounts and tokens.
const parsed = await connection.getParsedAccountInfo(tokens);
assert.equal(parsed.value.data.parsed.info.mint, facts.mint);
const held = await connection.getParsedTokenAccountsByOwner(owner, { programId: TOKEN });
assert.ok(held.value.some((each) => each.pubkey.equals(tokens)));
assert.equal((await connection.getTokenAccountsByOwner(owner, { mint })).value.length, 1);
assert.equal((await connection.getTokenSupply(mint)).value.decimals, 6);
assert.ok((await connection.getTokenLargestAccounts(mint)).value[0].address.equals(tokens));
const holders = await connection.getProgramAccounts(TOKEN, {
  filters: [{ dataSize: 165 }, { memcmp: { offset: 0, bytes: facts.mint } }],
});
assert.ok(holders.length >= 2);
const table = await connection.getAddressLookupTable(new PublicKey(facts.table));
assert.equal(table.value.state.addresses.length, 5);
assert.equal((await connection.getMultipleAccountsInfo([tokens, Keypair.generate().publicKey]))[1], null);

// The cluster.
assert.equal((await connection.getEpochInfo()).slotsInEpoch, 432000);
assert.equal((await connection.getEpochSchedule()).slotsPerEpoch, 432000);
assert.ok((await connection.getSupply({ excludeNonCirculatingAccountsList: true })).value.total > 0);
assert.ok((await connection.getVersion())["solana-core"]);
assert.ok(Array.isArray(await connection.getRecentPrioritizationFees()));
assert.ok((await connection.getClusterNodes()).length === 1);
assert.ok((await connection.getVoteAccounts()).current.length === 1);
assert.equal(await connection.getMinimumBalanceForRentExemption(165), 2039280);

// Logs and slots over WebSocket.
const logs = new Promise((resolve) => {
  connection.onLogs(payer.publicKey, resolve, "confirmed");
});
const slot = new Promise((resolve) => {
  connection.onSlotChange(resolve);
});
const sent = new Set();
const log = await heardAfter(logs, async (attempt) => {
  const again = await connection.getLatestBlockhash();
  const last = new Transaction({ feePayer: payer.publicKey, ...again }).add(
    SystemProgram.transfer({
      fromPubkey: payer.publicKey,
      toPubkey: fresh.publicKey,
      lamports: 1002 + attempt,
    }),
  );
  last.sign(payer);
  sent.add(await connection.sendRawTransaction(last.serialize()));
});
assert.ok(sent.has(log.signature));
assert.ok((await slot).slot > 0);
console.log("ok");
process.exit(0);
