0    | garage/f1 flood_gauge=20
1    | zhang set_mode zone:* mode=armed
2    | bureau/m1 warning_signal!on event=rain level=yellow
3    | garage/f1 flood_gauge=60
4    | garage/f1 flood_gauge=110
5    | bureau/m1 warning_signal!on event=rain level=none
6    | garage/f1 flood_gauge=108
8    | garage/f1 flood_gauge=160
13   |
14   | garage/f1 flood_gauge=180
20   | garage/d1 motion:on
21   | garage/cam1 intrusion!on actor=p7 confidence=0.8 network=video
25   | yard/cam2 intrusion!on actor=p7 network=video
26   | yard/cam2 intrusion!on network=video
30   |
35   | garage/f1 flood_gauge=320
36   | garage/cam1 intrusion!on actor=p9 network=video
37   | zhang shelve alarm:flood reason=pumping for_s=60
40   | garage/f1 flood_gauge=170
50   | zhang unshelve alarm:flood
51   | zhang unshelve alarm:flood
60   | garage/f1 flood_gauge=310
61   | zhang shelve alarm:draught reason=pump once=yes
62   | zhang shelve alarm:draught reason=pump for_s=30
70   | garage/f1 flood_gauge=200
75   | garage/f1 flood_gauge=100
80   | garage/f1 flood_gauge=40
81   | garage/f1 flood_gauge=3
90   | garage/f1 flood_gauge=4
100  | zhang name_cause alarm:draught cause=alarm:flood
101  | zhang name_cause alarm:armed cause=alarm:draught
102  | zhang name_cause alarm:armed cause=none
103  | zhang name_cause alarm:armed cause=none
104  | zhang split incident alarm=alarm:draught
105  | zhang split incident alarm=alarm:armed
110  | yard/f2 flood_gauge=160
116  |
117  | zhang merge incident into=incident:damage
118  | zhang merge incident:damage into=incident:water
119  | zhang merge incident:damage into=incident:damage
130  | yard/f2 flood_gauge=350
131  | guard accept dispatch
132  | watchman decline dispatch
140  | li maintain zone:yard reason=works for_s=60
150  | yard/f2 flood_gauge=20
160  | yard/f2 flood_gauge=380
199  |
200  |
201  |
210  | li maintain zone:* reason=works for_s=100 from_s=50
220  | li restore zone:*
230  | zhang set_mode zone:garage mode=works is_on=yes for_s=30 reason=digging
240  | zhang set_mode zone:garage mode=works is_on=no
241  | zhang set_mode zone:* mode=armed is_on=no
242  | yard/cam2 intrusion!on actor=p8
250  | gatehouse/g1 gate:open
255  | gatehouse/g1 gate:closed
260  | yard/f2 flood_gauge=10
261  | garage/f1 flood_gauge=60
300  |
310  | zhang acknowledge alarm:flood
311  | zhang acknowledge incident:water
320  | deaf 15
400  |
600  |
700  | zhang close incident:water verdict=real
701  | zhang close incident:damage verdict=benign text=the_gardener
900  |
2000 |
