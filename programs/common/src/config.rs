//! What every program's config has alike: who creates it, who may change it, how
//! that right passes on, and the pause. One text, so that one review holds for all.

/// Declares `CreateConfig`, `ManageConfig`, `AcceptAuthority` and the handlers of
/// `create_config`, `set_paused`, `propose_authority` and `accept_authority`.
///
/// The calling module names its error type and has in scope: `Config` (an account
/// with `bump`, `authority`, `pending_authority` and `paused`, and with `SPACE`,
/// `new(args, bump)`, `invariant()` and `changed(timestamp)`), `ConfigArgs`,
/// `CONFIG_SEED`, and the events `AuthorityProposed` and `AuthorityTransferred`.
// rustfmt moves attributes of several lines further to the right each time it sees them here.
#[rustfmt::skip]
// `crate` is meant: the id is that of the program that calls this.
#[allow(clippy::crate_in_macro_def)]
#[macro_export]
macro_rules! config_instructions {
    ($error:ident) => {
        #[event_cpi]
        #[derive(Accounts)]
        pub struct CreateConfig<'info> {
            /// The program's upgrade authority.
            #[account(mut)]
            pub payer: Signer<'info>,
            /// CHECK: created here, at its own address.
            #[account(mut, seeds = [CONFIG_SEED], bump)]
            pub config: UncheckedAccount<'info>,
            /// CHECK: address, owner and content are checked against the loader's layout.
            #[account(
                constraint = $crate::authority::is_upgrade_authority(
                    &crate::ID,
                    &program_data,
                    payer.key
                )? @ $error::NotUpgradeAuthority
            )]
            pub program_data: UncheckedAccount<'info>,
            pub system_program: Program<'info, System>,
        }

        /// Accounts of every change that the config's authority makes alone.
        #[event_cpi]
        #[derive(Accounts)]
        pub struct ManageConfig<'info> {
            pub authority: Signer<'info>,
            #[account(
                mut,
                seeds = [CONFIG_SEED],
                bump = config.bump,
                has_one = authority @ $error::InvalidAuthority
            )]
            pub config: Box<Account<'info, Config>>,
        }

        #[event_cpi]
        #[derive(Accounts)]
        pub struct AcceptAuthority<'info> {
            /// The successor. The default key cannot sign, so an empty offer cannot be accepted.
            pub pending_authority: Signer<'info>,
            #[account(
                mut,
                seeds = [CONFIG_SEED],
                bump = config.bump,
                has_one = pending_authority @ $error::InvalidAuthority
            )]
            pub config: Box<Account<'info, Config>>,
        }

        pub fn handle_create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
            // Check
            let bump = ctx.bumps.config;
            let config = Config::new(args, bump);
            config.invariant()?;

            // Effect
            let (payer, target) = (&ctx.accounts.payer, &ctx.accounts.config);
            $crate::creation::NewAccount::rent_exempt(payer, target, &crate::ID, Config::SPACE)?
                .create_with(&config, &[&[CONFIG_SEED, &[bump]]])?;

            // Event
            emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
            Ok(())
        }

        pub fn handle_set_paused(ctx: Context<ManageConfig>, paused: bool) -> Result<()> {
            // Effect
            let config = &mut ctx.accounts.config;
            config.paused = paused;
            config.invariant()?;

            // Event
            emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
            Ok(())
        }

        pub fn handle_propose_authority(
            ctx: Context<ManageConfig>,
            new_authority: Pubkey,
        ) -> Result<()> {
            // Effect
            let config = &mut ctx.accounts.config;
            config.pending_authority = new_authority;
            config.invariant()?;

            // Event
            emit_cpi!(AuthorityProposed {
                authority: config.authority,
                pending_authority: new_authority,
                timestamp: Clock::get()?.unix_timestamp,
            });
            Ok(())
        }

        pub fn handle_accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
            // Effect
            let config = &mut ctx.accounts.config;
            let old_authority = config.authority;
            config.authority = config.pending_authority;
            config.pending_authority = Pubkey::default();
            config.invariant()?;

            // Event
            emit_cpi!(AuthorityTransferred {
                old_authority,
                new_authority: config.authority,
                timestamp: Clock::get()?.unix_timestamp,
            });
            Ok(())
        }
    };
}
