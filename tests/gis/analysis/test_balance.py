"""The balance of a plan from the figures of its grids."""

from gis.analysis.balance import measure_balance


def test_shares_of_grids_are_weighed_by_their_borders():
    class Row:
        households, compactness = 12, 0.5

        def __init__(self, share, border_m):
            self.barrier_share, self.border_m = share, border_m

    band = {"minimum": 10, "target": 12, "maximum": 15}
    assert measure_balance([Row(1.0, 300), Row(0.0, 100)], **band).barrier_share == 0.75
    assert measure_balance([Row(1.0, None), Row(0.0, 100)], **band).barrier_share == 0.5
    assert measure_balance([Row(None, 300)], **band).barrier_share is None
    assert measure_balance([Row(0.0, 0)], **band).barrier_share is None
