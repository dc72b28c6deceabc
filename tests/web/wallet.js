// A wallet as an extension brings it: its key and its owner's will are in Python (tests/web/conftest.py).
(() => {
  const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const encode = (bytes) => btoa(String.fromCharCode(...bytes));
  const ask = async (kind, payload) => {
    const answer = await window.testWallet(kind, payload);
    if (answer === null) throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    return answer;
  };
  const chains = ["solana:localnet"];
  const account = { address: "ADDRESS", publicKey: decode("PUBLIC_KEY"), chains, features: [] };
  const wallet = {
    version: "1.0.0", name: "Test Wallet", 
    icon: "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
    chains, accounts: [],
    features: {
      "standard:connect": { version: "1.0.0", connect: async () => { wallet.accounts = [account]; return { accounts: [account] }; } },
      "standard:disconnect": { version: "1.0.0", disconnect: async () => {} },
      "standard:events": { version: "1.0.0", on: () => () => {} },
      "solana:signTransaction": {
        version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
        signTransaction: async (...inputs) => Promise.all(inputs.map(async ({ transaction }) => (
          { signedTransaction: decode(await ask("transaction", encode(transaction))) }))),
      },
      "solana:signMessage": {
        version: "1.0.0",
        signMessage: async (...inputs) => Promise.all(inputs.map(async ({ message }) => (
          { signedMessage: message, signature: decode(await ask("message", encode(message))) }))),
      },
    },
  };
  if (SIGNS_IN) {
    wallet.features["solana:signIn"] = {
      version: "1.0.0",
      signIn: async (input) => {
        const { message, signature } = JSON.parse(await ask("signIn", JSON.stringify(input)));
        return [{ account, signedMessage: decode(message), signature: decode(signature) }];
      },
    };
  }
  const register = (api) => api.register(wallet);
  window.addEventListener("wallet-standard:app-ready", (event) => register(event.detail));
  window.dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: register }));
})();
