//! Where to report a fault, in the bytes of a deployed program.
//!
//! The format is that of solana-security-txt: between two marks, keys and values
//! that each end with a zero byte. Explorers search a program's code for the marks,
//! so the text may lie in any section; the read-only one is kept by every linker.

/// Puts the text into the program that calls it. Name, version and repository are
/// those of its own Cargo.toml.
#[macro_export]
macro_rules! security_txt {
    () => {
        #[cfg(not(feature = "no-entrypoint"))]
        #[used]
        static SECURITY_TXT: [u8; SECURITY_TEXT.len()] =
            match SECURITY_TEXT.as_bytes().first_chunk() {
                Some(bytes) => *bytes,
                None => [0; SECURITY_TEXT.len()],
            };

        #[cfg(not(feature = "no-entrypoint"))]
        const SECURITY_TEXT: &str = concat!(
            "=======BEGIN SECURITY.TXT V1=======\0",
            "name\0Launchpad ",
            env!("CARGO_PKG_NAME"),
            "\0project_url\0",
            env!("CARGO_PKG_REPOSITORY"),
            "\0contacts\0link:",
            env!("CARGO_PKG_REPOSITORY"),
            "/security/advisories/new\0policy\0",
            env!("CARGO_PKG_REPOSITORY"),
            "/blob/main/docs/security.md\0preferred_languages\0en\0source_code\0",
            env!("CARGO_PKG_REPOSITORY"),
            "\0source_release\0",
            env!("CARGO_PKG_VERSION"),
            "\0=======END SECURITY.TXT V1=======\0",
        );
    };
}
