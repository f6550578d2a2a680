"""Tells as JSON what PySceneDetect's detectors make of each file given as an argument, all in one decode."""

import json
import sys

from scenedetect import SceneManager, open_video
from scenedetect.detector import SceneDetector
from scenedetect.detectors import (
    AdaptiveDetector,
    ContentDetector,
    HashDetector,
    HistogramDetector,
    ThresholdDetector,
)


def detectors():
    """By our names: as the command line sets them (content with our own threshold), and the metric of each."""
    return {
        "content": (ContentDetector(threshold=30.0, min_scene_len=15), "content_val"),
        "adaptive": (AdaptiveDetector(min_scene_len=15), "adaptive_ratio (w=2)"),
        "threshold": (ThresholdDetector(min_scene_len=15, add_final_scene=True), "average_rgb"),
        "hash": (HashDetector(threshold=0.35, min_scene_len=15), "hash_dist [size=8 lowpass=2]"),
        "histogram": (
            HistogramDetector(threshold=0.20, bins=128, min_scene_len=15),
            "hist_diff [bins=128]",
        ),
    }


class Recorder(SceneDetector):
    """Keeps a detector's metric of every frame, and its cuts. Stands in for its stats, too."""

    def __init__(self, detector, metric):
        super().__init__()
        self.detector, self.metric = detector, metric
        self.times, self.metrics, self.found = [], {}, []
        detector.stats_manager = self

    @property
    def event_buffer_length(self):
        return self.detector.event_buffer_length

    def process_frame(self, timecode, frame_img):
        self.times.append(timecode)
        self.found += self.detector.process_frame(timecode, frame_img)
        return []

    def post_process(self, timecode):
        self.found += self.detector.post_process(timecode)
        return []

    def metrics_exist(self, timecode, metrics):
        return False

    def set_metrics(self, timecode, metrics):
        if self.metric in metrics:
            self.metrics[id(timecode)] = round(float(metrics[self.metric]), 6)

    def answer(self):
        return {
            "cuts": sorted({self.number(cut) for cut in self.found}),
            "metrics": [self.metrics.get(id(time)) for time in self.times],
        }

    def number(self, cut):
        """Several frames may share a time, so they are told by identity; a time that was worked out is a number."""
        for frame, time in enumerate(self.times):
            if time is cut:
                return frame
        return next(i for i, time in enumerate(self.times) if time.frame_num >= cut.frame_num)


def measure(path):
    video = open_video(path)
    manager = SceneManager()
    recorders = {name: Recorder(*pair) for name, pair in detectors().items()}
    for recorder in recorders.values():
        manager.add_detector(recorder)
    manager.detect_scenes(video)
    rate = f"{video.frame_rate.numerator}/{video.frame_rate.denominator}"
    answers = {name: recorder.answer() for name, recorder in recorders.items()}
    return {"frames": len(recorders["content"].times), "rate": rate, **answers}


print(json.dumps({path: measure(path) for path in sys.argv[1:]}))
