"""Many transfers and burns of one wallet: checked, packed into few transactions, and none of them done twice.

plan = await checking.check(chain.rpc, payer, wanted)        # BulkRefusedError names every line at fault
parts, problems = await packing.build(chain, plan, mark, range(len(plan.items)))
done = await journal.landed(chain.rpc, payer, mark, since)   # what the chain has of it
"""
