"""A campaign under fire: its workers killed, its mail servers unruly, and every promise of the cycle asked for after.

`python -m bench.campaign`; bench/fire/tests/test_campaign_under_fire.py holds it with fewer leads.
"""
