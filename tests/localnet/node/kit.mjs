// Calls of @solana/kit, with what they must answer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  address,
  airdropFactory,
  appendTransactionMessageInstruction,
  createKeyPairSignerFromBytes,
  createSolanaRpc,
  createSolanaRpcSubscriptions,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  isSolanaError,
  lamports,
  pipe,
  sendAndConfirmTransactionFactory,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
} from "@solana/kit";

const facts = JSON.parse(readFileSync(0, "utf8"));
const rpc = createSolanaRpc(facts.rpc);
const rpcSubscriptions = createSolanaRpcSubscriptions(facts.ws);
const payer = await createKeyPairSignerFromBytes(Uint8Array.from(facts.secret));
const SYSTEM = address("11111111111111111111111111111111");

function transfer(from, to, amount) {
  const data = new Uint8Array(12);
  const view = new DataView(data.buffer);
  view.setUint32(0, 2, true);
  view.setBigUint64(4, amount, true);
  return {
    programAddress: SYSTEM,
    accounts: [
      { address: from.address, role: 3, signer: from },
      { address: to, role: 1 },
    ],
    data,
  };
}

async function signed(instruction, signer) {
  const { value: latest } = await rpc.getLatestBlockhash({ commitment: "confirmed" }).send();
  return signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(signer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(latest, message),
      (message) => appendTransactionMessageInstruction(instruction, message),
    ),
  );
}

// An airdrop, awaited over WebSocket.
const fresh = await generateKeyPairSigner();
const airdrop = airdropFactory({ rpc, rpcSubscriptions });
await airdrop({
  commitment: "confirmed",
  lamports: lamports(2_000_000_000n),
  recipientAddress: fresh.address,
});
assert.equal((await rpc.getBalance(fresh.address, { commitment: "confirmed" }).send()).value, 2_000_000_000n);

// A transaction sent and confirmed by the library's own strategy.
const sendAndConfirm = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions });
const transaction = await signed(transfer(fresh, payer.address, 1003n), fresh);
await sendAndConfirm(transaction, { commitment: "confirmed" });
const signature = getSignatureFromTransaction(transaction);
const [status] = (await rpc.getSignatureStatuses([signature]).send()).value;
assert.equal(status.err, null);

// A refusal is the library's own error with the program's reason.
const tooMuch = await signed(transfer(fresh, payer.address, 10n ** 15n), fresh);
await assert.rejects(sendAndConfirm(tooMuch, { commitment: "confirmed" }), (error) => {
  assert.ok(isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE));
  assert.ok(error.context.logs.some((line) => line.includes("insufficient lamports")));
  return true;
});
const wire = getBase64EncodedWireTransaction(tooMuch);
const run = await rpc.simulateTransaction(wire, { encoding: "base64", commitment: "confirmed" }).send();
assert.deepEqual(run.value.err, { InstructionError: [0n, { Custom: 1n }] });

// History.
const found = await rpc
  .getTransaction(signature, {
    commitment: "confirmed",
    encoding: "jsonParsed",
    maxSupportedTransactionVersion: 0,
  })
  .send();
assert.equal(found.transaction.message.instructions[0].parsed.type, "transfer");
assert.equal(Number(found.version), 0);
const listed = await rpc.getSignaturesForAddress(fresh.address, { commitment: "confirmed" }).send();
assert.equal(listed.length, 2);
const block = await rpc
  .getBlock(found.slot, { commitment: "confirmed", maxSupportedTransactionVersion: 0, encoding: "base64" })
  .send();
assert.ok(block.transactions.length >= 1);

// Accounts and tokens.
const account = await rpc.getAccountInfo(address(facts.tokens), { encoding: "jsonParsed" }).send();
assert.equal(account.value.data.parsed.info.mint, facts.mint);
const zipped = await rpc.getAccountInfo(address(facts.tokens), { encoding: "base64+zstd" }).send();
assert.equal(zipped.value.data[1], "base64+zstd");
const held = await rpc
  .getTokenAccountsByOwner(address(facts.owner), { mint: address(facts.mint) }, { encoding: "jsonParsed" })
  .send();
assert.equal(held.value.length, 1);
assert.equal((await rpc.getTokenSupply(address(facts.mint)).send()).value.decimals, 6);
const epoch = await rpc.getEpochInfo().send();
assert.equal(epoch.slotsInEpoch, 432000n);

// Subscriptions.
const abort = new AbortController();
const notices = await rpcSubscriptions
  .accountNotifications(fresh.address, { commitment: "confirmed", encoding: "base64" })
  .subscribe({ abortSignal: abort.signal });
const slots = await rpcSubscriptions.slotNotifications().subscribe({ abortSignal: abort.signal });
// Asked for before they are caused: what comes while nobody asks is not kept.
const notice = notices[Symbol.asyncIterator]().next();
const slot = slots[Symbol.asyncIterator]().next();
await sendAndConfirm(await signed(transfer(payer, fresh.address, 1004n), payer), { commitment: "confirmed" });
assert.ok((await notice).value.value.lamports > 0n);
assert.ok((await slot).value.slot > (await slot).value.root);
abort.abort();
console.log("ok");
process.exit(0);
