50000 | b1/u2/k1 motion:on
57000 | b1/u2/k1 motion:on
57005 | b1/u2/k1 motion:on
57010 | b1/u2/k1 motion:on
57015 | b1/u2/k1 motion:on
57020 | b1/u2/k1 motion:off
57040 |
57045 | b1/u2/k1 motion:off
57060 | b1/u2/k1 motion:on
57062 | zhang set_mode zone:b1 mode=works
57064 | b1/u2/k1 motion:on
57066 | b1/u2/k1 motion:on
57200 | zhang set_mode zone:b1 mode=works is_on=no
57300 | b1/u2/0202/s1 smoke!on
57301 | b1/u2/0202/d2 opening:open
57365 |
57370 | b1/u2/0202/s1 smoke!off
57380 | b1/u2/0202/t2 temperature=85
57500 | b1/u2/0202/d2 opening:closed
59000 |
