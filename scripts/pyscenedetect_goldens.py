"""Tells as JSON what PySceneDetect's content detector makes of each file given as an argument."""

import json
import sys

from scenedetect import SceneManager, open_video
from scenedetect.detectors import ContentDetector


def measure(path):
    scores, times = [], []

    class Recorder(ContentDetector):
        def process_frame(self, timecode, frame_img):
            found = super().process_frame(timecode, frame_img)
            scores.append(round(float(self._frame_score), 6))
            times.append(timecode)
            return found

    video = open_video(path)
    manager = SceneManager()
    manager.add_detector(Recorder(threshold=30.0, min_scene_len=15))
    manager.detect_scenes(video)
    # Several frames may share a time, so cuts are found by identity.
    number = {id(time): frame for frame, time in enumerate(times)}
    cuts = [number[id(cut)] for cut in manager.get_cut_list(show_warning=False)]
    rate = f"{video.frame_rate.numerator}/{video.frame_rate.denominator}"
    return {"frames": len(scores), "rate": rate, "cuts": cuts, "scores": scores}


print(json.dumps({path: measure(path) for path in sys.argv[1:]}))
